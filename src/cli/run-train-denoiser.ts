import { OptionError } from '../errors.js';
import { checkPicture, findPictures } from '../images/index.js';
import {
  type TrainDenoiserOptions,
  type TrainedDenoiser,
  presetSteps,
  trainDenoiser,
} from '../library/index.js';
import { describeRun } from '../training/index.js';
import { checkPictures } from './check-pictures.js';
import type { Context } from './context.js';
import { bestText, formatDuration } from './progress-text.js';
import { announced, openScreen, type Screen } from './screen.js';
import { stop } from './stop.js';
import type { TrainDenoiserFlags } from './train-command.js';
import { budgetText, counted, optionName, shellWord } from './wording.js';

/** Does what `revela train denoiser` promises; returns the exit code. */
export async function runTrainDenoiser(
  inputs: readonly string[],
  flags: TrainDenoiserFlags,
  context: Context,
): Promise<number> {
  checkFlags(inputs, flags);
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, flags.json === true);
  const run = flags.resume ?? flags.output ?? '';
  const resume = `revela train denoiser --resume ${shellWord(run)}`;
  onRequest(() => screen.note('Stopping after this step; press Ctrl-C again to stop at once'));
  try {
    const training = startTraining(inputs, flags, screen, signal);
    const { path, best, finished, steps, seconds } = await training.catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return stop('stopped before the training began', signal);
    });
    if (!finished) stop(`stopped after step ${steps}, which is saved; go on with: ${resume}`, signal);
    screen.endLine();
    if (best !== undefined) screen.note(bestText(best));
    screen.written(run, path);
    screen.done(`Trained ${counted(steps, 'step')} in ${formatDuration(seconds)}`, {
      run,
      weights: path,
      ...(best === undefined ? {} : { best }),
      steps,
      seconds: Math.round(seconds * 10) / 10,
    });
    return 0;
  } finally {
    screen.endLine();
  }
}

/** What is trained, and what people are told of it. */
type Task = Pick<TrainDenoiserOptions, 'pictures' | 'include' | 'resume'> & { readonly intention: string };

async function startTraining(
  inputs: readonly string[],
  flags: TrainDenoiserFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<TrainedDenoiser> {
  const { intention, ...task } =
    flags.resume === undefined ? await newRun(inputs, flags, screen, signal) : await oldRun(flags.resume);
  const { json, checkpointSeconds, recursive, ...options } = flags;
  return trainDenoiser({
    ...options,
    ...task,
    ...(checkpointSeconds === undefined ? {} : { checkpointEvery: checkpointSeconds }),
    onProgress: announced(intention, screen),
    signal,
  });
}

/** What the command line itself shows to be wrong. */
function checkFlags(inputs: readonly string[], flags: TrainDenoiserFlags): void {
  const { resume, device, threads, json, checkpointSeconds, ...settings } = flags;
  if (resume === undefined) {
    if (inputs.length === 0) throw new OptionError('training needs pictures: name files or folders');
    if (flags.output === undefined)
      throw new OptionError('training needs a folder to write to: give --output');
    return;
  }
  const [setting] = Object.keys(settings);
  const extra = inputs.length > 0 ? 'the pictures' : setting === undefined ? undefined : optionName(setting);
  if (extra !== undefined)
    throw new OptionError(`--resume goes on with the settings of the run: leave out ${extra}`);
}

/** The pictures of a new run, each decoded once: a broken one should not end a training that has run for hours. */
async function newRun(
  inputs: readonly string[],
  { recursive = false, include = [], ...flags }: TrainDenoiserFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<Task> {
  const all = [...inputs, ...include];
  const included = include.length === 0 ? [] : await findPictures(include, { recursive });
  const files = await findPictures(all, { recursive });
  const { good } = await checkPictures(files, (file) => file, checkPicture, {
    named: all,
    tell: screen.note,
    signal,
  });
  const pictures = counted(good.length, 'picture');
  return {
    pictures: good,
    include: good.filter((file) => included.includes(file)),
    intention: `Training on ${pictures} for ${budgetText(budgetOf(flags))}`,
  };
}

/** What ends the training: what was asked for, or what the preset has. */
function budgetOf({ minutes, steps, method, preset }: TrainDenoiserFlags): {
  minutes?: number;
  steps?: number;
} {
  if (minutes === undefined && steps === undefined) return { steps: presetSteps(method, preset) };
  return {
    ...(minutes === undefined ? {} : { minutes }),
    ...(steps === undefined ? {} : { steps }),
  };
}

async function oldRun(resume: string): Promise<Task> {
  const { savedStep = 0 } = await describeRun(resume);
  return { resume, intention: `Going on with ${resume} after step ${savedStep}` };
}
