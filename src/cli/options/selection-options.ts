import type { Command } from 'commander';
import { wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** Adds the options of which pictures are taken. */
export function addSelectionOptions(command: Command, what: string): void {
  addOption(command, '--every <N>', `use every Nth ${what} (default: 1)`, {
    parse: wholeNumber(1),
  });
  addOption(command, '--limit <N>', `use at most N ${what}s (default: all)`, {
    parse: wholeNumber(1),
  });
}
