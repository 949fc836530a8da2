import type { Command } from 'commander';
import { wholeNumber } from './numbers.js';
import { addOption, addRecursiveOption, type MachineFlags } from './options.js';

/** The options of every command that trains into a run folder, as typed; what was not typed is missing. */
export interface RunFlags extends MachineFlags {
  readonly output?: string | undefined;
  readonly resume?: string | undefined;
  readonly minutes?: number | undefined;
  readonly steps?: number | undefined;
  readonly checkpointSeconds?: number | undefined;
}

/** Adds the options of the run folder, and how folders of pictures are read. */
export function addRunOptions(command: Command): Command {
  command.optionsGroup('Run:');
  addOption(command, '-o, --output <FOLDER>', 'run folder to create (required, or --resume)');
  addOption(command, '--resume <FOLDER>', 'continue a run');
  addOption(command, '--checkpoint-seconds <N>', 'seconds between checkpoints (default: 60)', {
    parse: wholeNumber(1, 86_400),
  });
  return addRecursiveOption(command);
}
