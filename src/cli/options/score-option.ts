import type { Command } from 'commander';
import { addOption } from './options.js';

export type { ScoreFlags } from './common-options.js';

/** Adds the option of {@link ScoreFlags}. */
export function addScoreOption(command: Command): Command {
  return addOption(
    command,
    '--score [METRIC]',
    'print a quality score before and after: revela or niqe (default: revela); write --score=niqe',
  );
}
