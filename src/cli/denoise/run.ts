import { disposable } from '../../belongings.js';
import { OptionError } from '../../errors.js';
import { checkReplacesNone } from '../../file-identity.js';
import {
  checkFormatHolds,
  checkTarget,
  describePicture,
  checkMask,
  DEFAULT_MINUTES,
  type DenoiseOptions,
  type Denoiser,
  openDenoiser,
  previewSuffix,
  saveDenoiserWeights,
  denoisedSuffix,
  startOf,
} from '../../api/index.js';
import type { Context } from '../context.js';
import { chosen } from '../../options/index.js';
import { denoiseOptions } from '../../api/options.js';
import type { DenoiseFlags } from './command.js';
import { namedNetwork } from '../options/model-store.js';
import { checkJobs, type Job, planJobs } from '../pictures/plan-pictures.js';
import { nothingToDo, type PictureWork, runPictures } from '../pictures/run-pictures.js';
import { announced, type Screen } from '../terminal/screen.js';
import { budgetText } from '../terminal/budget-text.js';
import { counted } from '../terminal/wording.js';
import { present } from '../../present.js';

/** Does what `revela denoise` promises; returns the exit code. */
export async function runDenoise(
  inputs: readonly string[],
  flags: DenoiseFlags,
  context: Context,
): Promise<number> {
  return runPictures(
    {
      done: flags.preview ? 'Previewed' : 'Denoised',
      flags,
      prepare: async (screen, signal) =>
        prepare(inputs, await withNamedWeights(flags, context, screen), screen, signal),
    },
    context,
  );
}

/** The options, with what stands for the weights instead of their name. */
async function withNamedWeights(
  flags: DenoiseFlags,
  context: Context,
  { note }: Screen,
): Promise<DenoiseFlags> {
  const { weights } = flags;
  return weights === undefined
    ? flags
    : { ...flags, weights: await namedNetwork(weights, flags, context, note) };
}

/** Checks the pictures and where their results go, learns from them and keeps what was learnt. */
async function prepare(
  inputs: readonly string[],
  flags: DenoiseFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<PictureWork> {
  const { weights, mask: maskFile, preview = false } = flags;
  if (preview && (flags.fromScratch || flags.saveWeights !== undefined))
    throw new OptionError('--preview learns nothing: leave out --from-scratch and --save-weights');
  if (flags.shard !== undefined && (await startsBy(flags)).learns)
    throw new OptionError(
      'each --shard would learn something else: learn once with --save-weights FILE, then give every share --weights FILE --no-adapt',
    );
  const kept = [
    ...(typeof weights === 'string' ? [weights] : []),
    ...(maskFile === undefined ? [] : [maskFile]),
  ];
  const candidates = await planJobs(inputs, flags, {
    suffix: preview ? previewSuffix : denoisedSuffix,
    resultSuffixes: [denoisedSuffix, previewSuffix],
    ...(preview ? { usual: 'png' } : {}),
    kept,
  });
  await checkWeightsTarget(candidates.jobs, kept, flags);
  const mask =
    maskFile === undefined ? undefined : { ...(await describePicture(maskFile)), name: `--mask ${maskFile}` };
  const plan = await checkJobs(
    candidates,
    (description, { input, format, output }) => {
      checkFormatHolds(description, format, output);
      if (mask !== undefined) checkMask(mask, description, input);
    },
    { tell: screen.note, signal },
  );
  if (plan.jobs.length === 0) return nothingToDo(plan);
  // What was denoised before is learnt from too, so that the rest of a batch comes out like its beginning.
  const pictures = candidates.jobs.filter((job) => plan.jobs.includes(job) || plan.done.includes(job));
  const { learns } = await startsBy(flags);
  const denoising = await openDenoiser({
    ...optionsOf(flags, plan.jobs.length, learns, screen, signal),
    learnFrom: pictures.map(({ input }) => input),
  });
  screen.endLine();
  try {
    await saveWeights(denoising, flags, screen);
  } catch (error) {
    await denoising.close();
    throw error;
  }
  return disposable({
    plan,
    picture: async (input: string) => {
      if (preview) return denoising.preview(input);
      const { picture, facts } = await denoising.removal(input);
      return facts?.removed === 0 ? 'unchanged' : picture;
    },
    close: () => denoising.close(),
    ...present({ facts: flags.saveWeights === undefined ? undefined : { weights: flags.saveWeights } }),
  });
}

/** A preview learns nothing. */
const whetherToLearn = ({ preview = false, adapt }: DenoiseFlags): Pick<DenoiseOptions, 'adapt'> => ({
  adapt: preview ? false : adapt,
});

/** What it starts from, and whether it learns. */
const startsBy = (flags: DenoiseFlags): ReturnType<typeof startOf> =>
  startOf({ ...flags, ...whetherToLearn(flags) });

async function checkWeightsTarget(
  jobs: readonly Job[],
  kept: readonly string[],
  { saveWeights: path, overwrite = false }: DenoiseFlags,
): Promise<void> {
  if (path === undefined) return;
  const inputs = jobs.map(({ input }) => input);
  const outputs = jobs.map(({ output }) => output);
  await checkReplacesNone([path], [...inputs, ...outputs], 'picture');
  await checkReplacesNone([path], kept, 'file');
  await checkTarget(path, { overwrite });
}

/** What will happen, and how long it takes. */
function intention(
  count: number,
  learns: boolean,
  { fromScratch, minutes, steps, preview }: DenoiseFlags,
): string {
  const pictures = counted(count, 'picture');
  if (preview) return `Previewing ${pictures}`;
  if (!learns) {
    const idle = minutes === undefined ? (steps === undefined ? '' : '--steps') : '--minutes';
    const hint = idle === '' ? '' : ` (nothing is learnt, so that ${idle} has no effect)`;
    return `Denoising ${pictures}${hint}`;
  }
  const said = minutes !== undefined || steps !== undefined;
  const usual = fromScratch ? `for ${counted(DEFAULT_MINUTES.fromScratch, 'minute')} ` : '';
  const budget = said ? `for ${budgetText({ minutes, steps })}` : `${usual}(--minutes changes how long)`;
  const learning = fromScratch ? 'Training a new network on' : 'Learning from';
  return `${learning} ${pictures} ${budget}, then denoising`;
}

/** The library's options: the flags, without those that are the command's own. */
function optionsOf(
  flags: DenoiseFlags,
  pictures: number,
  learns: boolean,
  screen: Screen,
  signal: AbortSignal,
): DenoiseOptions {
  return {
    ...chosen(denoiseOptions, flags),
    ...whetherToLearn(flags),
    pictures,
    onProgress: announced(intention(pictures, learns, flags), screen),
    signal,
  };
}

async function saveWeights(
  { weights }: Denoiser,
  { saveWeights: path }: DenoiseFlags,
  screen: Screen,
): Promise<void> {
  if (path === undefined) return;
  await saveDenoiserWeights(path, weights);
  screen.note(`Saved the weights in ${path}`);
}
