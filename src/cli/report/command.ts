import { Command } from 'commander';
import { addJsonOption, addOption } from '../options/options.js';

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
      'Writes a page that shows training runs and compares them: figures, curves, sample pictures, settings and commands. It is one HTML file that needs nothing else. The runs may be going on.',
    )
    .argument('<RUN...>', 'run folders');
  addOption(command, '-o, --output <FILE>', `the page to write (default: ${defaultReport})`);
  addOption(command, '--overwrite', 'replace a file that exists (default: refuse)');
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
