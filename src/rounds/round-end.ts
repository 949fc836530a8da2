import { OptionError } from '../errors.js';

/** When a round may end without all of its members. */
export interface RoundRule {
  /** How many answers that count are enough once the time is over. */
  readonly quorum: number;
  /** Seconds since the round began after which nobody is waited for who is not needed. */
  readonly deadline: number;
}

/** How far a round is. */
export interface RoundCount {
  /** How many were asked. */
  readonly workers: number;
  /** How many answered with numbers that count. */
  readonly good: number;
  /** How many answered with numbers that do not, or failed: these are not asked again. */
  readonly refused: number;
  /** Since the round began. */
  readonly seconds: number;
}

/**
 * Whether a round ends: when all have answered, or when its time is over and enough have. Where so many were refused that the others are
 * fewer than the quorum, it is these that are waited for.
 *
 * @example
 * roundEnds({ workers: 4, good: 3, refused: 0, seconds: 400 }, { quorum: 3, deadline: 300 }); // true
 */
export function roundEnds(
  { workers, good, refused, seconds }: RoundCount,
  { quorum, deadline }: RoundRule,
): boolean {
  if (good + refused >= workers) return true;
  return seconds >= deadline && good >= Math.max(1, Math.min(quorum, workers - refused));
}

/**
 * The rule of a run's rounds.
 *
 * @param quorum default: more than half
 * @param deadline seconds; default 300
 * @throws OptionError for a quorum of more than there are
 */
export function roundRule(
  workers: number,
  { quorum = Math.floor(workers / 2) + 1, deadline = 300 }: Partial<RoundRule> = {},
): RoundRule {
  if (quorum > workers)
    throw new OptionError(`\`quorum\` must be at most the number of workers, ${workers}, got ${quorum}`);
  return { quorum, deadline };
}
