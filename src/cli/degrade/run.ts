import { disposable } from '../../belongings.js';
import { stat } from 'node:fs/promises';
import {
  checkFormatHolds,
  formatOfPath,
  checkDegradable,
  type DegradeOptions,
  degrade,
} from '../../api/index.js';
import { degradeOptions } from '../../api/options.js';
import { chosen } from '../../options/index.js';
import type { Context } from '../context.js';
import type { DegradeFlags } from './command.js';
import { checkJobs, planJobs } from '../pictures/plan-pictures.js';
import { nothingToDo, type PictureWork, runPictures } from '../pictures/run-pictures.js';
import type { Screen } from '../terminal/screen.js';
import { counted } from '../terminal/wording.js';

/** The end of the names of results that lie beside their pictures. */
const suffix = '.degraded';

/** Does what `revela degrade` promises; returns the exit code. */
export async function runDegrade(
  typed: readonly string[],
  given: DegradeFlags,
  context: Context,
): Promise<number> {
  const { inputs, flags } = await withOutput(typed, given);
  return runPictures(
    { done: 'Degraded', flags, prepare: (screen, signal) => prepare(inputs, flags, screen, signal) },
    context,
  );
}

/** `IN OUT`, where nothing is called OUT yet, means the same as `IN --output OUT`. */
async function withOutput(
  inputs: readonly string[],
  flags: DegradeFlags,
): Promise<{ inputs: readonly string[]; flags: DegradeFlags }> {
  const [input, output, ...more] = inputs;
  const asTyped = { inputs, flags };
  if (input === undefined || output === undefined || more.length > 0) return asTyped;
  if (flags.output !== undefined || formatOfPath(output) === undefined) return asTyped;
  const exists = await stat(output).then(
    () => true,
    () => false,
  );
  return exists ? asTyped : { inputs: [input], flags: { ...flags, output } };
}

async function prepare(
  inputs: readonly string[],
  flags: DegradeFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<PictureWork> {
  const options: DegradeOptions = { ...chosen(degradeOptions, flags), signal };
  const plan = await checkJobs(
    await planJobs(inputs, flags, { suffix, usual: 'png' }),
    (description, { input, format, output: file }) => {
      checkDegradable(description, input, options);
      checkFormatHolds(description, format, file);
    },
    { tell: screen.note, signal },
  );
  if (plan.jobs.length === 0) return nothingToDo(plan);
  screen.note(intention(plan.jobs.length, flags));
  return disposable({
    plan,
    picture: (input: string, index: number) => degrade(input, { ...options, index }),
    close: async () => undefined,
  });
}

function intention(count: number, { kind = 'bicubic', scale = 4, seed = 0 }: DegradeFlags): string {
  if (kind === 'camera-noise' || kind === 'film-grain')
    return `Adding ${kind === 'film-grain' ? 'film grain' : 'camera noise'} to ${counted(count, 'picture')}, with the seed ${seed}`;
  const how = kind === 'bicubic' ? 'by bicubic' : `as the real world does it, with the seed ${seed}`;
  return `Making ${counted(count, 'picture')} ${scale} times smaller ${how}`;
}
