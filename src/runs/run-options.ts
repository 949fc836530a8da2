import { deviceOptions } from '../apply/options.js';
import { budgetOptions } from '../models/options.js';
import { flag, given, list, type OptionsOf, path, text, unflagged, whole } from '../options/index.js';
import type { Team } from './team/team.js';

const { minutes, steps } = budgetOptions;

/** The run folder, and how often it is written. */
export const runFolderOptions = {
  /** The run folder to make. Not with `resume`. */
  output: path({
    ...{ short: 'o', value: 'FOLDER', words: 'run folder to create', usual: 'required, or a run to resume' },
  }),
  /** The run folder to go on with; its settings count, and no others may be given but a new budget. */
  resume: path({ value: 'FOLDER', words: 'continue a run' }),
  /** Seconds between checkpoints; default 60. */
  checkpointEvery: whole({
    ...{ from: 1, to: 86_400, default: 60, unit: 'seconds', flag: 'checkpoint-seconds' },
    words: 'seconds between checkpoints',
  }),
};

/** How a training into a run folder is done, whatever is trained. */
export const runOptions = {
  ...runFolderOptions,
  /** How long to train. With `resume`, from the beginning of the run, in place of its budget; a finished run goes on. */
  ...{ minutes, steps },
  /** Others who do the steps, by `openTeam` of `revela/fleet`; default: this machine alone. */
  team: given<Team>('object', { expected: 'a team, as openTeam gives it', words: 'others who do the steps' }),
  /** The signal stops after the step in progress and saves; resume the run folder to go on. */
  ...deviceOptions,
};

/** How a training into a run folder is done, whatever is trained. */
export interface RunOptions extends OptionsOf<typeof runOptions> {}

/** What any training learns from. */
export const materialOptions = {
  /** Pictures to learn from: files, globs or folders. */
  pictures: unflagged(
    list(path({ words: '' }), { expected: 'files, patterns or folders', words: 'pictures to learn from' }),
  ),
  /** Also look for pictures in the folders inside folders. */
  recursive: flag({ short: 'r', default: false, words: 'search subfolders too' }),
};

/** What is said of the weights that come out. */
export const licenceOptions = {
  /** Under which terms the weights may be used; kept in their file. Default `unknown`. */
  licence: text({ words: 'licence stored in the weights', usual: 'unknown' }),
};
