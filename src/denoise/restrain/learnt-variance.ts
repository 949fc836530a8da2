import type { NoiseVariance } from './detail-weights.js';
import type { ResidualCells } from './residual-cells.js';

/** Brightness classes in which the noise is learnt: a camera's noise grows with the light. */
const CLASSES = 12;

/** The share of cells, those with the smallest residual, that are taken to hold noise and nothing else. */
const FLAT_SHARE = 0.1;

/** Cells of which the noise is learnt, at most. */
const SAMPLES = 60_000;

/** Where more than this of the samples is cut off at black or white, there is less noise than there was. */
const CLIPPED = 0.05;

/** A point of a curve. */
interface Point {
  readonly level: number;
  readonly value: number;
}

/** Straight lines between points that go up; beyond them what the nearest says. */
export function throughPoints(points: readonly Point[]): (level: number) => number {
  const [first] = points;
  if (first === undefined) return () => 0;
  return (level) => {
    let i = 0;
    while (i < points.length - 2 && (points[i + 1]?.level ?? 0) < level) i += 1;
    const { level: from, value: low } = points[i] ?? first;
    const { level: to, value: high } = points[i + 1] ?? points[i] ?? first;
    const share = to > from ? Math.min(1, Math.max(0, (level - from) / (to - from))) : 0;
    return low + (high - low) * share;
  };
}

/**
 * The variance of what a network took away where it took noise alone, as a function of brightness: that of the cells with
 * the least, among those whose noise is not cut off. Where all of a brightness are cut off, what the nearest one has is
 * taken.
 */
export function learntVariance(
  { brightness, squares, clipped }: ResidualCells,
  channel: number,
): NoiseVariance {
  const [levels, powers, cuts] = [brightness[channel], squares[channel], clipped[channel]];
  if (levels === undefined || powers === undefined || cuts === undefined) return () => 0;
  const step = Math.max(1, Math.floor(levels.length / SAMPLES));
  const all = Int32Array.from({ length: Math.ceil(levels.length / step) }, (_, i) => i * step);
  const whole = all.filter((cell) => (cuts[cell] ?? 0) <= CLIPPED);
  const sample = (whole.length > 0 ? whole : all).sort((a, b) => (levels[a] ?? 0) - (levels[b] ?? 0));
  const classes = Math.min(CLASSES, sample.length);
  return throughPoints(
    Array.from({ length: classes }, (_, c) => {
      const members = sample.subarray(
        Math.floor((c * sample.length) / classes),
        Math.floor(((c + 1) * sample.length) / classes),
      );
      const found = Float32Array.from(members, (cell) => powers[cell] ?? 0).sort();
      return {
        level: levels[members[members.length >> 1] ?? 0] ?? 0,
        value: (found[Math.floor(found.length * FLAT_SHARE)] ?? 0) + 1e-8,
      };
    }),
  );
}
