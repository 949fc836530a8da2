import type { Planes } from '../../pixels/index.js';

/** Neighbours that differ by more in a channel, of 1, are an edge. */
const EDGE = 48 / 255;
/** Pixels up to so far from an edge belong to it: resampling makes it as wide. */
const OF_EDGE = 1;
/** And those up to so far lie beside it: JPEG's rings reach farther. */
const BESIDE = 4;
/** Neighbours that differ by less in every channel are alike: a step of 8 bits is twice as large. */
const ALIKE = 0.5 / 255;
/** With fewer pixels beside edges, of all, there is nothing to tell by. */
const LEAST_SHARE = 0.01;
/** With fewer that are neither black nor white, of these, they do not count by themselves. */
const LEAST_WITHIN = 0.1;

/**
 * How much of what lies beside strong edges is exactly flat, 0 to 1: nearly all of a drawing or a screenshot, a few hundredths of a photograph,
 * and less than a half of a drawing that was compressed, whose rings lie there. What is black or white may have been clipped and be flat for
 * that: what is neither must be as flat. 0 where there are no strong edges.
 *
 * @param planes in [0, 1]
 */
export function flatBesideEdges(planes: Planes): number {
  const { width, height, channels, data } = planes;
  const area = width * height;
  const difference = (i: number, k: number): number => {
    let most = 0;
    for (let c = 0; c < channels * area; c += area)
      most = Math.max(most, Math.abs((data[c + i] ?? 0) - (data[c + k] ?? 0)));
    return most;
  };
  const clipped = (i: number): boolean => {
    for (let c = 0; c < channels * area; c += area) {
      const value = data[c + i] ?? 0;
      if (value > ALIKE && value < 1 - ALIKE) return false;
    }
    return true;
  };
  const edges = new Uint8Array(area);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width && difference(i, i + 1) > EDGE) edges[i] = edges[i + 1] = 1;
      if (y + 1 < height && difference(i, i + width) > EDGE) edges[i] = edges[i + width] = 1;
    }
  const [of, beside] = [grown(edges, width, height, OF_EDGE), grown(edges, width, height, BESIDE)];
  const all = { count: 0, flat: 0 };
  const within = { count: 0, flat: 0 };
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (of[i] === 1 || beside[i] === 0) continue;
      const flat = [i - 1, i + 1, i - width, i + width].every((k) => difference(i, k) < ALIKE) ? 1 : 0;
      for (const counted of clipped(i) ? [all] : [all, within]) {
        counted.count += 1;
        counted.flat += flat;
      }
    }
  if (all.count < LEAST_SHARE * area) return 0;
  const share = all.flat / all.count;
  return within.count < LEAST_WITHIN * all.count ? share : Math.min(share, within.flat / within.count);
}

/** What lies within a square of this radius around what is marked. */
function grown(marked: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const along = (from: Uint8Array, length: number, step: number, lines: number, next: number): Uint8Array => {
    const to = new Uint8Array(from.length);
    for (let line = 0; line < lines; line++) {
      const start = line * next;
      let inside = 0;
      for (let k = -radius; k < length; k++) {
        inside += from[start + (k + radius) * step] === 1 && k + radius < length ? 1 : 0;
        const gone = k - radius - 1;
        if (gone >= 0 && from[start + gone * step] === 1) inside -= 1;
        if (k >= 0 && inside > 0) to[start + k * step] = 1;
      }
    }
    return to;
  };
  const rows = along(marked, width, 1, height, width);
  return along(rows, height, width, width, 1);
}
