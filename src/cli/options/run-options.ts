import type { Command } from 'commander';
import { runFolderOptions, type runOptions } from '../../api/options.js';
import type { FlagsOf, Options } from '../../options/index.js';
import { addOptions } from './add-options.js';
import { addMachineOptions, type computingOptions, keyOptions } from './common-options.js';
import type { TeamFlags } from './team-options.js';

/** The options of every command that trains into a run folder, as typed; what was not typed is missing. */
export type RunFlags = FlagsOf<typeof runOptions & typeof computingOptions> & TeamFlags;

/** What stands over the parts of a training's options. */
const headings = [
  ['start', 'Run:'],
  ['teacher', 'Teacher:'],
  ['learning', 'Learning:'],
  ['recipe', 'Recipe (default: by the preset):'],
  ['losses', 'Losses:'],
  ['game', 'Stage sfd:'],
  ['validation', 'Validation:'],
  ['machines', 'Machines:'],
] as const;

/** The options of a training as it declares them, by the parts of its help. */
export type TrainingParts = Readonly<Partial<Record<(typeof headings)[number][0], Options>>>;

/** A group with the option that chooses among the state dicts of a file, after the one that names the file. */
const withKey = (group: Options, named: string): Options =>
  Object.fromEntries(
    Object.entries(group).flatMap(([name, option]) =>
      name === named ? [[name, option], ...Object.entries(keyOptions)] : [[name, option]],
    ),
  );

/**
 * Adds the options of a training, part by part, those of the run folder, and those of the machine.
 *
 * @param named the option that names weights, of which `--key` chooses
 */
export function addTrainingOptions(command: Command, parts: TrainingParts, named = ''): Command {
  for (const [part, heading] of headings) {
    const { [part]: group = {} } = parts;
    const own = part === 'start' ? { ...runFolderOptions, ...group } : group;
    if (Object.keys(own).length > 0) addOptions(command, heading, withKey(own, named));
  }
  return addMachineOptions(command);
}
