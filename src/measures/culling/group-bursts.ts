import { type Capture, likeness } from '../../images/anywhere.js';
import { settled } from '../../options/index.js';
import { type BurstOptions, burstOptions } from './burst-options.js';

/** A picture, and its place among those that came. */
interface Placed<Taken extends Capture> {
  readonly taken: Taken;
  readonly index: number;
}

/**
 * Groups pictures into bursts by what is known of them; see `findBursts`.
 *
 * @returns in the order of their first pictures, each in the order of time
 *
 * @example
 * const captures = [await readCapture(file, await decodeImage(file))]; // of each file
 * for (const burst of groupBursts(captures, { gap: 5 })) console.log(burst.length);
 */
export function groupBursts<Taken extends Capture>(
  pictures: readonly Taken[],
  options: Pick<BurstOptions, 'gap' | 'likeness'> = {},
): readonly (readonly Taken[])[] {
  const { gap, likeness: least } = settled(burstOptions, options);
  const bursts: Placed<Taken>[][] = [];
  for (const sequence of sequencesOf(pictures.map((taken, index) => ({ taken, index }))))
    for (const [i, candidate] of sequence.entries()) {
      const before = i === 0 ? undefined : sequence[i - 1]?.taken;
      const follows =
        before !== undefined &&
        secondsBetween(before, candidate.taken) <= gap &&
        likeness(before.glance, candidate.taken.glance) >= least;
      if (follows) bursts.at(-1)?.push(candidate);
      else bursts.push([candidate]);
    }
  const first = (burst: readonly Placed<Taken>[]): number => Math.min(...burst.map(({ index }) => index));
  return bursts.sort((a, b) => first(a) - first(b)).map((burst) => burst.map(({ taken }) => taken));
}

/**
 * What was taken one after the other: the pictures of each camera by time, which is compared among those with an offset from
 * UTC and among those without; and those without a time, as they came.
 */
function sequencesOf<Taken extends Capture>(
  candidates: readonly Placed<Taken>[],
): readonly (readonly Placed<Taken>[])[] {
  const sequences = new Map<string, Placed<Taken>[]>();
  for (const candidate of candidates) {
    const { time, camera } = candidate.taken;
    const key = JSON.stringify(time === undefined ? [] : [camera, time.inUtc]);
    sequences.set(key, [...(sequences.get(key) ?? []), candidate]);
  }
  const when = ({ taken: { time } }: Placed<Taken>): number => time?.milliseconds ?? 0;
  return [...sequences.values()].map((sequence) =>
    sequence.sort((a, b) => when(a) - when(b) || a.index - b.index),
  );
}

function secondsBetween(before: Capture, after: Capture): number {
  if (before.time === undefined || after.time === undefined) return 0;
  return (after.time.milliseconds - before.time.milliseconds) / 1000;
}
