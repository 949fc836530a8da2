import { RevelaError } from '../errors.js';
import { architecturesFor, type NetworkTask, networkParameters } from '../networks/index.js';
import type { RunKind } from './run-kind.js';
import type { TrainingSettings } from './run-settings.js';

/** The kind that settings name; the first runs were all of denoisers, whose settings name none. */
export const nameOfKind = (settings: object): unknown =>
  Object.hasOwn(settings, 'kind') ? Reflect.get(settings, 'kind') : 'denoiser';

/** What is told of settings that a run folder cannot have. */
export const damagedSettings = (folder: string, problem: string): RevelaError =>
  new RevelaError(`the settings of the run ${folder} are damaged (config.json): ${problem}`);

/**
 * Checks the settings that a run folder holds, to their leaves.
 *
 * @param folder for messages
 * @throws RevelaError, one line, that names the first setting that is wrong
 */
export function settingsOfKind<Settings extends TrainingSettings>(
  { schema, task }: Pick<RunKind<Settings>, 'schema' | 'task'>,
  folder: string,
  stored: Readonly<Record<string, unknown>>,
): Settings {
  if (!schema.is(stored)) throw damagedSettings(folder, schema.problem(stored, '') ?? 'they are none');
  const problem = networkProblem(task, stored);
  if (problem !== undefined) throw damagedSettings(folder, problem);
  return stored;
}

/** What is wrong with the network of settings. */
function networkProblem(task: NetworkTask, { architecture, config }: TrainingSettings): string | undefined {
  const known = architecturesFor[task];
  const found = Object.hasOwn(known, architecture) ? known[architecture] : undefined;
  if (found === undefined)
    return `architecture must be one of ${Object.keys(known).join(', ')}, got ${JSON.stringify(architecture)}`;
  try {
    networkParameters(found.ofConfig(config));
    return undefined;
  } catch (error) {
    if (!(error instanceof RevelaError || error instanceof RangeError)) throw error;
    return `config makes no ${architecture}: ${error.message}`;
  }
}
