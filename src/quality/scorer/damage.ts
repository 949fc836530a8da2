import { lumaOfColour, type Planes } from '../../pixels/index.js';

/** Side of a cell, in pixels of each size; a window is 2 × 2 cells, and windows overlap by half. */
const CELL = 4;

/** What each size counts: the picture's own, half, a quarter, an eighth. Of all but the last, the detail is compared. */
const sizeShares = [0.2, 0.3, 0.3, 0.2] as const;

/** Below which differences do not count, for values in [0, 1]: SSIM's for the luminance, and less for the detail, which is weak. */
const [C1, C2] = [1e-4, 1.5e-4] as const;

/** What a mean difference of colour of 1 adds to the damage. */
const COLOUR_WEIGHT = 1.5;

/** The least similarity that is told apart from none. */
const LEAST = 0.03;

/** What a window without detail counts beside one with some. */
const PLAIN = 0.3;

/** Luma and two differences of colour (ITU-R BT.601), `[3][height, width]`. */
interface Opponents {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [luma: Float32Array, blue: Float32Array, red: Float32Array];
}

function opponentsOf({ width, height, channels, data }: Planes): Opponents {
  const area = width * height;
  const planes = [new Float32Array(area), new Float32Array(area), new Float32Array(area)] as const;
  for (let i = 0; i < area; i++) {
    const red = data[i] ?? 0;
    const green = channels === 3 ? (data[area + i] ?? 0) : red;
    const blue = channels === 3 ? (data[2 * area + i] ?? 0) : red;
    const luma = lumaOfColour(red, green, blue);
    planes[0][i] = luma;
    planes[1][i] = 0.564 * (blue - luma);
    planes[2][i] = 0.713 * (red - luma);
  }
  return { width, height, planes };
}

/** Half the size, by means of 2 × 2. */
function halved({ width, height, planes }: Opponents): Opponents {
  const [across, down] = [width >> 1, height >> 1];
  const half = (plane: Float32Array): Float32Array => {
    const result = new Float32Array(across * down);
    for (let y = 0, to = 0; y < down; y++)
      for (let x = 0, at = 2 * y * width; x < across; x++, at += 2, to++)
        result[to] =
          ((plane[at] ?? 0) +
            (plane[at + 1] ?? 0) +
            (plane[at + width] ?? 0) +
            (plane[at + width + 1] ?? 0)) /
          4;
    return result;
  };
  return { width: across, height: down, planes: [half(planes[0]), half(planes[1]), half(planes[2])] };
}

/** Sums of a, b, a², b² and ab over the cells. */
function cellSums(a: Float32Array, b: Float32Array, width: number, height: number): Float64Array[][] {
  const [across, down] = [Math.floor(width / CELL), Math.floor(height / CELL)];
  const cells: Float64Array[][] = [];
  for (let row = 0; row < down; row++) {
    const line: Float64Array[] = [];
    for (let column = 0; column < across; column++) {
      const sums = new Float64Array(5);
      for (let y = row * CELL; y < (row + 1) * CELL; y++)
        for (let at = y * width + column * CELL, end = at + CELL; at < end; at++) {
          const [p, q] = [a[at] ?? 0, b[at] ?? 0];
          sums[0] = (sums[0] ?? 0) + p;
          sums[1] = (sums[1] ?? 0) + q;
          sums[2] = (sums[2] ?? 0) + p * p;
          sums[3] = (sums[3] ?? 0) + q * q;
          sums[4] = (sums[4] ?? 0) + p * q;
        }
      line.push(sums);
    }
    cells.push(line);
  }
  return cells;
}

/** Detail: a plane less what a binomial window of 5 × 5 leaves of it. Edges are repeated. */
function detailOf(plane: Float32Array, width: number, height: number): Float32Array {
  const across = softenedLines(plane, { lines: height, line: width, length: width, step: 1 });
  const soft = softenedLines(across, { lines: width, line: 1, length: height, step: width });
  for (let i = 0; i < soft.length; i++) soft[i] = (plane[i] ?? 0) - (soft[i] ?? 0);
  return soft;
}

/** Lines of so many samples, and how far apart lines and samples lie. */
interface Lines {
  readonly lines: number;
  readonly line: number;
  readonly length: number;
  readonly step: number;
}

/** The binomial window 1 4 6 4 1 along lines. */
function softenedLines(plane: Float32Array, { lines, line, length, step }: Lines): Float32Array {
  const result = new Float32Array(plane.length);
  const padded = new Float64Array(length + 4);
  for (let start = 0, end = lines * line; start < end; start += line) {
    for (let i = 0; i < length; i++) padded[i + 2] = plane[start + i * step] ?? 0;
    padded.fill(padded[2] ?? 0, 0, 2).fill(padded[length + 1] ?? 0, length + 2);
    for (let i = 0; i < length; i++)
      result[start + i * step] =
        ((padded[i] ?? 0) +
          (padded[i + 4] ?? 0) +
          4 * ((padded[i + 1] ?? 0) + (padded[i + 3] ?? 0)) +
          6 * (padded[i + 2] ?? 0)) /
        16;
  }
  return result;
}

/** SSIM's two factors, each averaged over the windows; those with detail count more for the structure. */
function similarities(
  a: Float32Array,
  b: Float32Array,
  width: number,
  height: number,
): { readonly luminance: number; readonly structure: number } {
  const cells = cellSums(a, b, width, height);
  const samples = 4 * CELL * CELL;
  let [luminance, structure, windows, weights] = [0, 0, 0, 0];
  for (let row = 0; row + 1 < cells.length; row++) {
    const [upper = [], lower = []] = [cells[row], cells[row + 1]];
    for (let column = 0; column + 1 < upper.length; column++) {
      const moment = (k: number): number =>
        [upper[column], upper[column + 1], lower[column], lower[column + 1]].reduce(
          (sum, cell) => sum + (cell?.[k] ?? 0),
          0,
        ) / samples;
      const [meanA, meanB] = [moment(0), moment(1)];
      const varianceA = Math.max(0, moment(2) - meanA * meanA);
      const varianceB = Math.max(0, moment(3) - meanB * meanB);
      const covariance = moment(4) - meanA * meanB;
      luminance += (2 * meanA * meanB + C1) / (meanA * meanA + meanB * meanB + C1);
      const weight = PLAIN + Math.log(1 + (varianceA + varianceB) / C2);
      structure += weight * Math.max(0, (2 * covariance + C2) / (varianceA + varianceB + C2));
      weights += weight;
      windows++;
    }
  }
  return { luminance: luminance / windows, structure: structure / weights };
}

/** The mean distance of colours, brightness apart. */
function colourDistance(a: Opponents, b: Opponents): number {
  let sum = 0;
  for (let i = 0; i < a.planes[1].length; i++)
    sum += Math.hypot(
      (a.planes[1][i] ?? 0) - (b.planes[1][i] ?? 0),
      (a.planes[2][i] ?? 0) - (b.planes[2][i] ?? 0),
    );
  return sum / a.planes[1].length;
}

/**
 * How far a picture is from what it was made of, where that is known: the lesson of the scorer, which has to find out
 * without. No opinion is in it: it is SSIM's factors (Wang et al., 2004) over windows of 8 × 8 of luma at four sizes j
 * (of the detail in it at all but the smallest; windows with detail count more), and the distance of colours at half size,
 *
 *     damage = √( −Σⱼ wⱼ ln structureⱼ − ln luminance₃ + 1.5 · colour ),   w = 0.2, 0.3, 0.3, 0.2
 *
 * 0 for equal pictures; about 0.5 for JPEG of quality 8 and for noise of σ 15, 1 for a blur of σ 4 and for a tenth of the light.
 *
 * @param picture `[channels, height, width]` in [0, 1], sides of at least 64
 * @param original of the same size
 *
 * @example
 * damage(degraded, original); // 0.62
 */
export function damage(picture: Planes, original: Planes): number {
  let [a, b] = [opponentsOf(picture), opponentsOf(original)];
  const last = sizeShares.length - 1;
  let sum = 0;
  for (const [size, share] of sizeShares.entries()) {
    if (size > 0) [a, b] = [halved(a), halved(b)];
    const { width, height } = a;
    const planes = [a.planes[0], b.planes[0]] as const;
    const [luma, other] = size < last ? planes.map((plane) => detailOf(plane, width, height)) : planes;
    if (luma === undefined || other === undefined) break;
    const { luminance, structure } = similarities(luma, other, width, height);
    sum -= share * Math.log(Math.max(LEAST, structure));
    if (size === 1) sum += COLOUR_WEIGHT * colourDistance(a, b);
    if (size === last) sum -= Math.log(Math.max(LEAST, luminance));
  }
  return Math.sqrt(Math.max(0, sum));
}
