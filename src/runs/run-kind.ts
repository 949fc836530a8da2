import type { NetworkDescription, NetworkTask } from '../networks/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Options as OptionGroup } from '../options/index.js';
import type { StepReport, TrainingState } from '../training/index.js';
import type { SampleWords } from './folder/samples.js';
import type { Course } from './learn.js';
import type { RunOptions } from './run-options.js';
import type { TrainingSettings } from './run-settings.js';
import type { TeamPaths } from './team/team.js';
import type { ValidationMaterial } from './run-validation.js';
import type { Schema } from './schema.js';

/** What is learnt, made ready on a device. */
export interface Lesson {
  readonly material: ValidationMaterial;
  /** Parameters to start from, unless the run goes on from a checkpoint. */
  first(): Promise<Readonly<Record<string, TensorValue>>>;
  readonly open: Course['open'];
  /** Looks at every step; what it says is told to the user. */
  readonly watch?: (report: StepReport) => string | undefined;
  /** Writes more into the run folder when the training ends or stops. */
  readonly finish?: (folder: string, state: TrainingState) => Promise<void>;
  /** What the weights came from besides pictures, for their record. */
  readonly startedFrom?: string;
}

/**
 * A kind of training that fills a run folder: all that the house knows of it. What stands in the list of `kinds.ts` can be
 * trained, resumed, described and reported.
 */
export interface RunKind<
  Settings extends TrainingSettings = TrainingSettings,
  Options extends RunOptions = RunOptions,
> {
  /** What its settings call it, as their `kind`. */
  readonly name: string;
  /** The function that trains it, and the options that it has, as they are declared. */
  readonly called: string;
  readonly options: OptionGroup;
  /** The command that trains it, after `revela`. */
  readonly command: string;
  /** What a run of it makes, with its article: "a denoiser". */
  readonly title: string;
  /** The same with what it is made of: "a denoiser on noisy pictures". */
  readonly product: string;
  /** What the network of its weights is for. */
  readonly task: NetworkTask;
  /** Reads what `config.json` holds. */
  readonly schema: Schema<Settings>;
  /** Settles what a new run depends on; tells what was left out. */
  newSettings(options: Options, tell: (line: string) => void): Promise<Settings>;
  /** Looks at the pictures of a new run once all else was found good, because that takes a while; gives those to learn from. */
  suitable?(settings: Settings, options: Options): Promise<Settings>;
  /**
   * Reads what the training needs: what is wrong with it should end a run before its folder is made. Returns what makes
   * the lesson ready.
   */
  prepare(
    settings: Settings,
    description: NetworkDescription,
    options: Options,
  ): Promise<(runtime: Runtime) => Lesson | Promise<Lesson>>;
  /**
   * The settings as those need them who do shares of the training, with their paths as `paths` has them; what only the one who measures
   * needs is left out. Left out: one machine alone trains it.
   */
  share?(settings: Settings, paths: TeamPaths): Promise<Settings>;
  /** The options that give a new run these settings again, as far as options can, but for pictures and `output`. */
  again(settings: Settings): Partial<Options>;
  /** What a run with these settings is measured on, in words. */
  measuredOn(settings: Settings): string;
  /** What the numbers of its validation are, in words. */
  readonly numbers: string;
  /** What its samples show; left out: it draws none. */
  readonly samples?: SampleWords;
}
