import { OptionError } from '../../errors.js';
import {
  checkPicture,
  describedRun,
  type RunOptions,
  type TrainedWeights,
  trainingPictures,
} from '../../api/index.js';
import { toTenths } from '../terminal/begin-work.js';
import { checkPictures } from '../pictures/check-pictures.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import { bestText, formatDuration } from '../terminal/progress-text.js';
import { runOptions } from '../../api/options.js';
import { chosen } from '../../options/index.js';
import { computingOptions } from '../options/common-options.js';
import type { RunFlags } from '../options/run-options.js';
import { fleetOptions, teamOf } from '../options/team-options.js';
import { announced, openScreen, type Screen } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';
import { counted, shellWord } from '../terminal/wording.js';

/** Pictures that turned out to be good, and what is to happen with them, in words. */
export interface NewRun<Task> {
  readonly task: Task;
  readonly intention: string;
}

/** A command that trains into a run folder. */
export interface TrainingCommand<Task> {
  /** As it is typed: `revela distill`. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly flags: RunFlags;
  /** Finds what a new run learns from. */
  newRun(screen: Screen, signal: AbortSignal): Promise<NewRun<Task>>;
  /** Trains; without a task, what `resume` says. */
  train(task: Task | undefined, options: RunOptions): Promise<TrainedWeights>;
}

/** Trains, tells how it goes and how it ended; returns the exit code. */
export async function runTraining<Task>(command: TrainingCommand<Task>, context: Context): Promise<number> {
  const { name, flags } = command;
  checkFlags(command);
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, flags.json === true);
  const run = flags.resume ?? flags.output ?? '';
  onRequest(() => screen.note('Stopping after this step; press Ctrl-C again to stop at once'));
  try {
    const { path, best, finished, steps, startStep, seconds } = await start(command, screen, signal).catch(
      (error: unknown) => {
        if (!signal.aborted) throw error;
        return stop('stopped before the training began', signal);
      },
    );
    const fleet = flags.fleet === undefined ? '' : ' --fleet URL';
    const resume = `${name} --resume ${shellWord(run)}${fleet}`;
    if (!finished) stop(`stopped after step ${steps}, which is saved; go on with: ${resume}`, signal);
    screen.endLine();
    if (best !== undefined) screen.note(bestText(best));
    screen.written(run, path);
    const done = `${counted(steps, 'step')} in ${formatDuration(seconds)}`;
    screen.done(
      startStep === steps ? `${run} is finished: ${done}; nothing is left to train` : `Trained ${done}`,
      {
        run,
        weights: path,
        ...present({ best }),
        ...{ steps, startStep },
        seconds: toTenths(seconds),
      },
    );
    return 0;
  } finally {
    screen.endLine();
  }
}

const { output: _output, ...ofRun } = runOptions;

/** What may be typed of a run that goes on. */
const goingOn = { ...ofRun, ...computingOptions, ...fleetOptions };

/** An option as messages name it. */
function typedAs(name: string, value: unknown): string {
  if (value === false) return `\`${name}: false\``;
  const [part] =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return `\`${part === undefined ? name : `${name}.${part}`}\``;
}

/** What the command line itself shows to be wrong. */
function checkFlags<Task>({ inputs, flags }: TrainingCommand<Task>): void {
  const { resume } = flags;
  if (resume === undefined) {
    if (inputs.length === 0) throw new OptionError('training needs pictures: name files or folders');
    if (flags.output === undefined)
      throw new OptionError('training needs a folder to write to: give --output');
    return;
  }
  const [setting] = Object.entries<unknown>(flags).filter(([name]) => !Object.hasOwn(goingOn, name));
  const extra = inputs.length > 0 ? 'the pictures' : setting && typedAs(...setting);
  if (extra !== undefined)
    throw new OptionError(
      `--resume goes on with the settings of the run: leave out ${extra}; only --steps and --minutes may change`,
    );
}

async function start<Task>(
  { flags, newRun, train }: TrainingCommand<Task>,
  screen: Screen,
  signal: AbortSignal,
): Promise<TrainedWeights> {
  const { resume, ...others } = chosen(runOptions, flags);
  const { output, ...again } = others;
  const who = { ...(await teamOf(flags)), signal };
  if (resume !== undefined) {
    const { savedStep = 0 } = await describedRun(resume);
    const onProgress = announced(`Going on with ${resume} after step ${savedStep}`, screen);
    return train(undefined, { ...again, ...who, resume, onProgress });
  }
  const { task, intention } = await newRun(screen, signal);
  const onProgress = announced(intention, screen);
  return train(task, { ...others, ...who, onProgress });
}

/** The pictures that inputs name, each decoded once: a broken one should not end a training that has run for hours. */
export async function goodPictures(
  inputs: readonly string[],
  { recursive = false }: { readonly recursive?: boolean | undefined },
  screen: Screen,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const files = await trainingPictures(inputs, { recursive, onLeftOut: screen.note });
  const { good } = await checkPictures(files, (file) => file, checkPicture, {
    tell: screen.note,
    signal,
  });
  return good;
}
