import { disposable } from '../../belongings.js';
import {
  checkFormatHolds,
  enlargedSize,
  enlargedSuffix,
  openUpscaler,
  settleScale,
  shippedUpscalers,
} from '../../api/index.js';
import { upscaleOptions } from '../../api/options.js';
import { chosen } from '../../options/index.js';
import type { Context } from '../context.js';
import { namedUpscaler } from './named-upscaler.js';
import { checkJobs, planJobs } from '../pictures/plan-pictures.js';
import { nothingToDo, type PictureWork, runPictures } from '../pictures/run-pictures.js';
import { announced, type Screen } from '../terminal/screen.js';
import type { UpscaleFlags } from './command.js';
import { counted } from '../terminal/wording.js';

/** Does what `revela upscale` promises; returns the exit code. */
export async function runUpscale(
  inputs: readonly string[],
  flags: UpscaleFlags,
  context: Context,
): Promise<number> {
  return runPictures(
    {
      done: 'Enlarged',
      flags,
      prepare: (screen, signal) => prepare(inputs, flags, screen, signal, context),
    },
    context,
  );
}

/** Reads the weights, and checks the pictures, where their results go and how large these are. */
async function prepare(
  inputs: readonly string[],
  flags: UpscaleFlags,
  screen: Screen,
  signal: AbortSignal,
  context: Context,
): Promise<PictureWork> {
  const weights =
    flags.weights === undefined
      ? await shippedUpscalers()
      : await namedUpscaler(flags.weights, flags, context, screen.note);
  const scale = settleScale('photo' in weights ? weights.photo : weights, flags.scale);
  // In folders, results of any scale are no input.
  const suffixes = [2, 3, 4, scale].map(enlargedSuffix);
  const plan = await checkJobs(
    await planJobs(inputs, flags, {
      suffix: enlargedSuffix(scale),
      resultSuffixes: suffixes,
      kept: flags.weights === undefined ? [] : [flags.weights],
    }),
    ({ width, height, hasAlpha }, { input, format, output }) => {
      const size = enlargedSize({ width, height }, scale, input, flags.maxMegapixels);
      checkFormatHolds({ ...size, hasAlpha }, format, output);
    },
    { tell: screen.note, signal },
  );
  if (plan.jobs.length === 0) return nothingToDo(plan);
  const count = plan.jobs.length;
  const upscaling = await openUpscaler({
    ...chosen(upscaleOptions, flags),
    weights,
    pictures: count,
    onProgress: announced(`Enlarging ${counted(count, 'picture')} by ${scale}`, screen),
    signal,
  });
  return disposable({
    plan,
    picture: (input: string) => upscaling.upscale(input),
    close: () => upscaling.close(),
    facts: { scale },
  });
}
