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
    'print a quality score before and after: revela or niqe (default: revela); write --score=niqe',
  );
}
