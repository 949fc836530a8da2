import { muchInThread } from '../in-thread.js';
import { type AxisWeights, bicubicResize, extractTile, mirror, resamplePlanes } from '../pixels/index.js';

/** How what was lost is given back. */
export interface GivingBack {
  /** Of what was lost, 0 to 1. */
  readonly share: number;
  /**
   * 1: what was lost is enlarged once, softly, and comes back in part. More: what is missing then is enlarged and added in
   * turn, so that all comes back (iterative back-projection, Irani and Peleg 1991).
   */
  readonly steps: number;
}

/** The size of a small picture, and how many times as high and wide its enlargement is. */
export interface Enlargement {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** Pixels of the small picture that bicubic resampling sees each way, of either. */
const REACH = 2;
/** The same of one enlarged and made small again. */
const REACH_OF_BOTH = 2 * REACH;
/** About as many values of the enlarged plane are worked on at once. */
const AT_ONCE = 2 ** 20;

/**
 * Gives back to an enlarged plane what was lost of the small one: makes it small again by MATLAB's bicubic, and adds what
 * is then missing, enlarged by the same. Values stay in `[0, 1]`.
 *
 * Making small and enlarging are linear, so that all steps but the first take place at the small size. It is done in strips
 * of rows, whose margins hold all that is seen from within.
 *
 * @param enlarged `[height · scale, width · scale]`; it is changed
 * @param small `[height, width]`
 */
export function giveBack(
  enlarged: Float32Array,
  small: Float32Array,
  size: Enlargement,
  { share, steps }: GivingBack,
): void {
  const { width, height, scale } = size;
  const rows = Math.max(16, Math.ceil(AT_ONCE / (width * scale * scale)));
  const lost = new Float32Array(small.length);
  for (let top = 0; top < height; top += rows) {
    const strip = stripAt(top, rows, REACH, height);
    const again = reduced(enlarged, strip, size);
    for (let i = strip.top * width; i < strip.bottom * width; i++)
      lost[i] = (small[i] ?? 0) - (again[i - strip.from * width] ?? 0);
  }
  const margin = REACH + (steps - 1) * REACH_OF_BOTH;
  const across = shrunkAgain(width, scale);
  for (let top = 0; top < height; top += rows) {
    const strip = stripAt(top, rows, margin, height);
    const part = { channels: 1, width, height: strip.to - strip.from };
    const missing = lost.subarray(strip.from * width, strip.to * width);
    const down = shrunkAgain(part.height, scale);
    let given = missing;
    for (let step = 1; step < steps; step++) {
      const again = resamplePlanes(given, part, { across, down, first: 'down' });
      for (let i = 0; i < again.length; i++) again[i] = (given[i] ?? 0) + (missing[i] ?? 0) - (again[i] ?? 0);
      given = again;
    }
    const near = stripAt(top, rows, REACH, height);
    const seen = { channels: 1, width, height: near.to - near.from };
    const large = bicubicResize(
      given.subarray((near.from - strip.from) * width, (near.to - strip.from) * width),
      seen,
      { width: width * scale, height: seen.height * scale },
    );
    const [begin, end] = [strip.top * scale * width * scale, strip.bottom * scale * width * scale];
    const before = near.from * scale * width * scale;
    for (let i = begin; i < end; i++)
      enlarged[i] = Math.min(1, Math.max(0, (enlarged[i] ?? 0) + share * (large[i - before] ?? 0)));
  }
}

/** {@link giveBack} of a large plane in another thread: the enlarged one must lie in memory that threads share. */
export const giveBackAside = muchInThread(
  new URL('./give-back.js', import.meta.url),
  giveBack,
  ({ length }) => length,
);

/** Rows of the small picture: `top` to `bottom` are answered for, `from` to `to` are looked at. */
interface Strip {
  readonly from: number;
  readonly top: number;
  readonly bottom: number;
  readonly to: number;
}

function stripAt(top: number, rows: number, margin: number, height: number): Strip {
  const bottom = Math.min(height, top + rows);
  return { from: Math.max(0, top - margin), top, bottom, to: Math.min(height, bottom + margin) };
}

/** The looked-at rows of an enlarged plane, made small again. */
function reduced(
  enlarged: Float32Array,
  { from, to }: Strip,
  { width, height, scale }: Enlargement,
): Float32Array {
  const large = { width: width * scale, height: (to - from) * scale };
  const cut = extractTile(enlarged, 1, height * scale, large.width, { x: 0, y: from * scale, ...large });
  return bicubicResize(cut, { channels: 1, ...large }, { width, height: to - from });
}

/** Enlarging an axis and making it small again, as one filter: it is the same everywhere, and mirrored at the edges as both are. */
function shrunkAgain(length: number, scale: number): AxisWeights {
  const taps = 2 * REACH_OF_BOTH + 1;
  const impulse = Float32Array.from({ length: 2 * taps + 1 }, (_, i) => (i === taps ? 1 : 0));
  const line = { channels: 1, width: impulse.length, height: 1 };
  const large = { width: scale * line.width, height: 1 };
  const response = bicubicResize(bicubicResize(impulse, line, large), { channels: 1, ...large }, line);
  const sources = new Int32Array(length * taps);
  const weights = new Float64Array(length * taps);
  for (let i = 0; i < length; i++)
    for (let tap = 0; tap < taps; tap++) {
      sources[i * taps + tap] = mirror(i + tap - REACH_OF_BOTH, length);
      weights[i * taps + tap] = response[taps + tap - REACH_OF_BOTH] ?? 0;
    }
  return { taps, sources, weights };
}
