import { lumaOfColour, type Planes } from '../../pixels/index.js';
import { cosines, WINDOW } from '../measure-noise/cosines.js';

/**
 * The coefficients of brightness that are looked at: the lowest, whose steps are the smallest and of which most is left. Each with how
 * finely JPEG's standard rounds it at quality 50 (ITU-T T.81, table K.1), of 255.
 */
const COEFFICIENTS = [
  { across: 1, down: 0, step: 11 },
  { across: 2, down: 0, step: 10 },
  { across: 3, down: 0, step: 16 },
  { across: 0, down: 1, step: 12 },
  { across: 1, down: 1, step: 12 },
  { across: 2, down: 1, step: 14 },
  { across: 0, down: 2, step: 14 },
  { across: 1, down: 2, step: 13 },
  { across: 0, down: 3, step: 14 },
] as const;

/** Of so many of them a step must be found. */
const LEAST_FOUND = 4;

/** Steps that are told from chance, of 255: rounding what was decoded leaves an error of 0.3 in each coefficient. */
const STEPS = { least: 3, most: 90 } as const;

/** How far coefficients may lie from multiples of a step on average. By chance it were a quarter of the step. */
const NEAR = 0.45;

/** So many numbers must be no zeros, of so many different multiples: those of a drawing may all be one. */
const LEAST_NUMBERS = 12;
const LEAST_MULTIPLES = 3;

/** Blocks that are looked at, at most; they are an odd number apart, so that they do not stand in a few columns. */
const MOST_BLOCKS = 4096;

/**
 * How coarsely a picture was rounded when it was last kept as JPEG, told by its pixels: brightness in blocks of 8² then has coefficients that are
 * multiples of a step. Whatever file it lies in now; not if it was resized since, or cut elsewhere than between blocks.
 *
 * @param planes in [0, 1], of 8 bits once
 * @returns a multiple of the standard's table: 1 at quality 50, 0.4 at 80; 0 where nothing is found, as from about quality 92 on
 *
 * @example
 * const { width, height, channels, data } = await readPicture('small.jpg');
 * jpegCoarseness({ width, height, channels, data }); // 0.5
 */
export function jpegCoarseness(planes: Planes): number {
  const { width, height } = planes;
  // A picture that was turned has its whole blocks at the other end.
  for (const top of new Set([0, height % WINDOW]))
    for (const left of new Set([0, width % WINDOW])) {
      const found = coarsenessBy(numbersAt(planes, left, top));
      if (found > 0) return found;
    }
  return 0;
}

/** The numbers of each of {@link COEFFICIENTS}, without their signs, of the blocks from there on that have no black and no white. */
function numbersAt(planes: Planes, left: number, top: number): readonly number[][] {
  const { width, height } = planes;
  const [columns, rows] = [Math.floor((width - left) / WINDOW), Math.floor((height - top) / WINDOW)];
  const apart = Math.ceil((columns * rows) / MOST_BLOCKS) | 1;
  const block = new Float64Array(WINDOW * WINDOW);
  const found: number[][] = COEFFICIENTS.map(() => []);
  for (let n = 0; n < columns * rows; n += apart) {
    const x = left + WINDOW * (n % columns);
    const y = top + WINDOW * Math.floor(n / columns);
    if (!readBlock(planes, x, y, block)) continue;
    for (const [i, { across, down }] of COEFFICIENTS.entries())
      found[i]?.push(Math.abs(coefficientOf(block, across, down)));
  }
  return found;
}

function coefficientOf(block: Float64Array, across: number, down: number): number {
  let sum = 0;
  for (let y = 0; y < WINDOW; y++) {
    let line = 0;
    for (let x = 0; x < WINDOW; x++)
      line += (cosines[across * WINDOW + x] ?? 0) * (block[y * WINDOW + x] ?? 0);
    sum += (cosines[down * WINDOW + y] ?? 0) * line;
  }
  return sum;
}

/** Writes the brightness of a block, of 255; `false` where a value may have been cut off. */
function readBlock(
  { width, height, channels, data }: Planes,
  x: number,
  y: number,
  to: Float64Array,
): boolean {
  const area = width * height;
  for (let line = 0; line < WINDOW; line++)
    for (let i = 0; i < WINDOW; i++) {
      const at = (y + line) * width + x + i;
      const red = data[at] ?? 0;
      const [green, blue] = channels < 3 ? [red, red] : [data[area + at] ?? 0, data[2 * area + at] ?? 0];
      if (Math.min(red, green, blue) <= 0 || Math.max(red, green, blue) >= 1) return false;
      to[line * WINDOW + i] = 255 * lumaOfColour(red, green, blue);
    }
  return true;
}

/** The middle one of what the coefficients say. */
function coarsenessBy(numbers: readonly number[][]): number {
  const found = numbers
    .map((values, i) => stepOf(values) / (COEFFICIENTS[i]?.step ?? 1))
    .filter((coarseness) => coarseness > 0)
    .sort((a, b) => a - b);
  return found.length < LEAST_FOUND ? 0 : (found[found.length >> 1] ?? 0);
}

/** The largest step of which all values are multiples; 0 if there is none. */
function stepOf(values: readonly number[]): number {
  for (let step: number = STEPS.most; step >= STEPS.least; step--) {
    let [count, away] = [0, 0];
    const multiples = new Set<number>();
    for (const value of values) {
      const multiple = Math.round(value / step);
      if (multiple === 0) continue;
      count++;
      away += Math.abs(value - multiple * step);
      multiples.add(multiple);
    }
    if (count >= LEAST_NUMBERS && multiples.size >= LEAST_MULTIPLES && away < NEAR * count) return step;
  }
  return 0;
}
