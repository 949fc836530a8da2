import { createHash } from 'node:crypto';
import { OptionError } from '../errors.js';
import type { FoundPicture } from './folder.js';

/** One of several shares of many pictures, for as many processes that need not know of each other. */
export interface Shard {
  /** Which share, from 1 to `count`. */
  readonly index: number;
  /** How many shares there are. */
  readonly count: number;
}

/** More shares than this are a mistake in typing. */
const MOST = 1_000_000;

/**
 * Whether a share is one that can be.
 *
 * @throws OptionError for numbers that are not whole, and for an index that lies outside of 1 … count
 */
export function checkShard({ index, count }: Shard): void {
  const whole = Number.isInteger(index) && Number.isInteger(count);
  if (whole && index >= 1 && index <= count && count <= MOST) return;
  throw new OptionError(
    `\`shard\` must be a share of 1 to ${MOST} shares, the first of which is 1, got ${index}/${count}`,
    { code: 'ERR_OUT_OF_RANGE' },
  );
}

/**
 * Whether a picture belongs to a share. That depends on its place alone (its path inside of the folder), not on what lies beside it:
 * pictures that come or go between the starts of two shares are done by one of them all the same, on any machine.
 */
export function isInShard({ place }: Pick<FoundPicture, 'place'>, { index, count }: Shard): boolean {
  // Some file systems decompose letters with accents; one of Windows separates otherwise.
  const name = place.normalize('NFC').replaceAll('\\', '/');
  return createHash('sha256').update(name).digest().readUIntBE(0, 6) % count === index - 1;
}
