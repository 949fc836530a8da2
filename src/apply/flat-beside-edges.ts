import { muchInThread } from '../in-thread.js';
import { bt601, type Planes } from '../pixels/index.js';

/** Neighbours that differ by more, of 1, are an edge. */
const EDGE = 48 / 255;
/** Pixels up to so far from an edge belong to it: resampling makes it as wide. */
const OF_EDGE = 2;
/** And those up to so far lie beside it: JPEG's rings reach farther. */
const BESIDE = 4;
/** Neighbours that differ by less are alike: no step of 8 bits is as small. */
const ALIKE = 0.5 / 255;
/** With fewer pixels beside edges, of all, there is nothing to tell by. */
const LEAST_SHARE = 0.01;

/**
 * How much of what lies beside strong edges is exactly flat, 0 to 1: nearly all of a drawing or a screenshot, a few hundredths of a photograph,
 * and less than a half of a drawing that was compressed, whose rings lie there. 0 where there are no strong edges.
 *
 * @param planes in [0, 1]
 */
export function flatBesideEdges(planes: Planes): number {
  const { width, height } = planes;
  const luma = lumaPlane(planes);
  const edges = new Uint8Array(width * height);
  const at = (i: number): number => luma[i] ?? 0;
  for (let y = 0; y < height - 1; y++)
    for (let x = 0; x < width - 1; x++) {
      const i = y * width + x;
      if (Math.abs(at(i + 1) - at(i)) > EDGE || Math.abs(at(i + width) - at(i)) > EDGE) edges[i] = 1;
    }
  const [of, beside] = [grown(edges, width, height, OF_EDGE), grown(edges, width, height, BESIDE)];
  let [count, flat] = [0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (of[i] === 1 || beside[i] === 0) continue;
      count += 1;
      const alike = (k: number): boolean => Math.abs(at(k) - at(i)) < ALIKE;
      if (alike(i - 1) && alike(i + 1) && alike(i - width) && alike(i + width)) flat += 1;
    }
  return count < LEAST_SHARE * width * height ? 0 : flat / count;
}

function lumaPlane({ width, height, channels, data }: Planes): Float32Array {
  const area = width * height;
  if (channels === 1) return data;
  return Float32Array.from(
    { length: area },
    (_, i) =>
      bt601.red * (data[i] ?? 0) +
      bt601.green * (data[area + i] ?? 0) +
      bt601.blue * (data[2 * area + i] ?? 0),
  );
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

/** {@link flatBesideEdges}, of large pictures in another thread. */
export const flatBesideEdgesAside = muchInThread(
  new URL('./flat-beside-edges.js', import.meta.url),
  flatBesideEdges,
  ({ width, height, channels }) => 4 * channels * width * height,
);
