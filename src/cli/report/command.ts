import { Command } from 'commander';
import { addJsonOption, addOption, addOverwriteOption } from '../options/options.js';

/** The options of `revela report` as typed; what was not typed is missing. */
export interface RunReportFlags {
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Where the page goes if nothing else is said. */
export const defaultReport = 'report.html';

/** `revela report`: its options, not its work. */
export function reportCommand(
  run: (runs: readonly string[], flags: RunReportFlags) => Promise<void>,
): Command {
  const command = new Command('report')
    .description(
      'Compares training runs on one self-contained HTML page: figures, curves, samples, settings and commands. Runs may still be in progress.',
    )
    .argument('<RUN...>', 'run folders');
  addOption(command, '-o, --output <FILE>', `the page to write (default: ${defaultReport})`);
  addOverwriteOption(command);
  addJsonOption(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela report runs/garden
  revela report runs/* --output comparison.html --overwrite`,
    )
    .action(run);
}
