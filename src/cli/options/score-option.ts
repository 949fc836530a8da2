import type { Command } from 'commander';
import { addOption } from './options.js';

/** The option of commands that make pictures of pictures and can score both. */
export interface ScoreFlags {
  /** The name of a measure, or `true` for the usual one. */
  readonly score?: string | true;
}

/** Adds the option of {@link ScoreFlags}. */
export function addScoreOption(command: Command): Command {
  return addOption(
    command,
    '--score [METRIC]',
    'score each picture before and after, by revela or niqe; a word behind it is METRIC, so put it after the pictures (default: do not; METRIC: revela)',
  );
}
