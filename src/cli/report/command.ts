import { Command } from 'commander';
import { type FlagsOf, overwriteOptions, path } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { jsonOptions } from '../options/common-options.js';

/** The options of `revela report`. */
export const runReportOptions = {
  output: path({ short: 'o', default: 'report.html', words: 'the page to write' }),
  ...{ ...overwriteOptions, ...jsonOptions },
};

/** The options of `revela report` as typed; what was not typed is missing. */
export type RunReportFlags = FlagsOf<typeof runReportOptions>;

/** `revela report`: its options, not its work. */
export function reportCommand(
  run: (runs: readonly string[], flags: RunReportFlags) => Promise<void>,
): Command {
  const command = new Command('report')
    .description(
      'Compares training runs on one self-contained HTML page: figures, curves, samples, settings and commands. Runs may still be in progress.',
    )
    .argument('<RUN...>', 'run folders');
  addOptions(command, undefined, runReportOptions);
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
