import { calmestByBrightness } from './calmest.js';
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
  const sample = whole.length > 0 ? whole : all;
  const calmest = calmestByBrightness(levels, powers, { classes: CLASSES, share: FLAT_SHARE }, sample);
  return (level) => calmest(level) + 1e-8;
}
