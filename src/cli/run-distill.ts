import { distilled } from '../denoise/index.js';
import { OptionError } from '../errors.js';
import { checkPicture, findPictures } from '../images/index.js';
import { distill, type DistillOptions, type TrainedDenoiser } from '../library/index.js';
import { describeRun } from '../training/index.js';
import { checkPictures } from './check-pictures.js';
import type { Context } from './context.js';
import type { DistillFlags } from './distill-command.js';
import { bestText, formatDuration } from './progress-text.js';
import { announced, openScreen, type Screen } from './screen.js';
import { stop } from './stop.js';
import { budgetText, counted, optionName, shellWord } from './wording.js';

/** Does what `revela distill` promises; returns the exit code. */
export async function runDistill(
  inputs: readonly string[],
  flags: DistillFlags,
  context: Context,
): Promise<number> {
  checkFlags(inputs, flags);
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, flags.json === true);
  const run = flags.resume ?? flags.output ?? '';
  const resume = `revela distill --resume ${shellWord(run)}`;
  onRequest(() => screen.note('Stopping after this step; press Ctrl-C again to stop at once'));
  try {
    const distilling = startDistilling(inputs, flags, screen, signal);
    const { path, best, finished, steps, seconds } = await distilling.catch((error: unknown) => {
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

/** What the command line itself shows to be wrong. */
function checkFlags(inputs: readonly string[], flags: DistillFlags): void {
  const { resume, device, threads, json, checkpointSeconds, ...settings } = flags;
  if (resume === undefined) {
    if (inputs.length === 0) throw new OptionError('distilling needs pictures: name files or folders');
    if (flags.teacher === undefined)
      throw new OptionError('distilling needs a teacher: give --teacher and the file of its weights');
    if (flags.output === undefined)
      throw new OptionError('distilling needs a folder to write to: give --output');
    return;
  }
  const [setting] = Object.keys(settings);
  const extra = inputs.length > 0 ? 'the pictures' : setting === undefined ? undefined : optionName(setting);
  if (extra !== undefined)
    throw new OptionError(`--resume goes on with the settings of the run: leave out ${extra}`);
}

async function startDistilling(
  inputs: readonly string[],
  flags: DistillFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<TrainedDenoiser> {
  const { intention, ...task } =
    flags.resume === undefined ? await newRun(inputs, flags, screen, signal) : await oldRun(flags.resume);
  const { json, checkpointSeconds, recursive, ...options } = flags;
  return distill({
    ...options,
    ...task,
    ...(checkpointSeconds === undefined ? {} : { checkpointEvery: checkpointSeconds }),
    onProgress: announced(intention, screen),
    signal,
  });
}

/** What is learnt from, and what people are told of it. */
type Task = Pick<DistillOptions, 'pictures' | 'resume'> & { readonly intention: string };

/** The pictures of a new run, each decoded once: a broken one should not end a run that has gone on for long. */
async function newRun(
  inputs: readonly string[],
  { recursive = false, minutes, steps, preset = 'fast' }: DistillFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<Task> {
  const files = await findPictures(inputs, { recursive });
  const { good: pictures } = await checkPictures(files, (file) => file, checkPicture, {
    named: inputs,
    tell: screen.note,
    signal,
  });
  const budget =
    minutes === undefined && steps === undefined
      ? { steps: distilled.presets[preset].steps }
      : { ...(minutes === undefined ? {} : { minutes }), ...(steps === undefined ? {} : { steps }) };
  return {
    pictures,
    intention: `Distilling from ${counted(pictures.length, 'picture')}, training for ${budgetText(budget)}`,
  };
}

async function oldRun(resume: string): Promise<Task> {
  const { savedStep = 0 } = await describeRun(resume);
  return { resume, intention: `Going on with ${resume} after step ${savedStep}` };
}
