import { damagedSettings, nameOfKind, settingsOfKind } from './checked-settings.js';
import { describeRun, type RunDescription } from './folder/describe-run.js';
import { type AnySettings, runKinds } from './kinds.js';
import type { RunKind } from './run-kind.js';

/**
 * The kind of training that settings are of, which knows how to speak of it.
 *
 * @throws RangeError for settings of no kind
 *
 * @example
 * const { settings } = await describedRun('runs/garden');
 * kindOf(settings).title; // 'a denoiser'
 */
export function kindOf(settings: AnySettings): RunKind {
  const found = kindNamed(nameOfKind(settings));
  if (found === undefined) throw new RangeError('these are settings of no kind of training');
  return found;
}

function kindNamed(name: unknown): RunKind | undefined {
  const kinds: readonly RunKind[] = runKinds;
  return kinds.find((kind) => kind.name === name);
}

/**
 * Checks the settings that a run folder holds, to their leaves, by their kind.
 *
 * @param folder for messages
 * @throws RevelaError, one line, that names the first setting that is wrong
 */
export function checkedSettings(folder: string, stored: Readonly<Record<string, unknown>>): AnySettings {
  const name = nameOfKind(stored);
  for (const kind of runKinds)
    if (kind.name === name) return settingsOfKind<AnySettings>(kind, folder, stored);
  throw damagedSettings(
    folder,
    `kind must be one of ${runKinds.map((kind) => kind.name).join(', ')}, got ${JSON.stringify(name)}`,
  );
}

/** What a run folder says of itself, with settings that are whole. */
export interface DescribedRun extends RunDescription {
  readonly settings: AnySettings;
}

/**
 * Describes the run in a folder. It only reads, so the run may be going on.
 *
 * @throws RevelaError if the folder is missing, holds no run, or one whose settings are damaged
 *
 * @example
 * const { settings, savedStep = 0 } = await describedRun('runs/garden');
 */
export async function describedRun(path: string): Promise<DescribedRun> {
  const description = await describeRun(path);
  return { ...description, settings: checkedSettings(path, description.config) };
}
