/** Mirrors a coordinate at the edges, repeating the edge samples: … 1 0 | 0 1 2 3 | 3 2 … However far out. */
export function mirror(position: number, size: number): number {
  if (position >= 0 && position < size) return position;
  const period = 2 * size;
  const phase = ((position % period) + period) % period;
  return phase < size ? phase : period - 1 - phase;
}

/**
 * Where a coordinate outside of `[0, size)` finds its sample when the line is mirrored at its first and last
 * samples without repeating them: … 2 1 | 0 1 2 3 | 2 1 0 1 … However far out; a line of one sample is constant.
 *
 * @example
 * reflectIndex(-1, 4); // 1
 * reflectIndex(4, 4); // 2
 */
export function reflectIndex(position: number, size: number): number {
  if (position >= 0 && position < size) return position;
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const phase = ((position % period) + period) % period;
  return phase < size ? phase : period - phase;
}

/** Repeats the edge samples: … 0 0 | 0 1 2 3 | 3 3 … */
export function repeatIndex(position: number, size: number): number {
  return Math.min(size - 1, Math.max(0, position));
}
