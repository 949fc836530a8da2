import type { Command } from 'commander';
import { wholeNumber } from './numbers.js';
import { addOption, type MachineFlags } from './options.js';

/** The options of every command that trains into a run folder, as typed; what was not typed is missing. */
export interface RunFlags extends MachineFlags {
  readonly output?: string;
  readonly resume?: string;
  readonly minutes?: number;
  readonly steps?: number;
  readonly checkpointSeconds?: number;
}

/** Adds the options of the run folder, and how folders of pictures are read. */
export function addRunOptions(command: Command): Command {
  command.optionsGroup('Run:');
  addOption(command, '-o, --output <FOLDER>', 'the run folder to make (needed, unless --resume is given)');
  addOption(
    command,
    '--resume <FOLDER>',
    'go on with a run that was stopped, or with a finished one and more --steps or --minutes (default: start a new one)',
  );
  addOption(command, '--checkpoint-seconds <N>', 'time between two checkpoints (default: 60)', {
    parse: wholeNumber(1, 86_400),
  });
  return addOption(
    command,
    '-r, --recursive',
    'also take the pictures of folders in folders (default: do not)',
  );
}
