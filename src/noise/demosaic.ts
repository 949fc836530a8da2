/** A mosaic of the Bayer pattern RGGB: `[height, width]`, red at even rows and columns. */
export interface Mosaic {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** How a full colour picture is made of a mosaic. */
export type Demosaicking = 'bilinear' | 'malvar' | 'hamilton-adams';

/** All of {@link Demosaicking}. */
export const demosaickings: readonly [Demosaicking, ...Demosaicking[]] = [
  'bilinear',
  'malvar',
  'hamilton-adams',
];

/** Room for a mosaic with this many samples mirrored on all sides; even, so that the pattern goes on. */
const border = 4;

/** What one sample of a pixel's colours is made of: shifts from the pixel's place, and weights. */
type Taps = readonly (readonly [dy: number, dx: number, weight: number])[];

const cross: Taps = [
  [-1, 0, 1 / 4],
  [1, 0, 1 / 4],
  [0, -1, 1 / 4],
  [0, 1, 1 / 4],
];
const corners: Taps = [
  [-1, -1, 1 / 4],
  [-1, 1, 1 / 4],
  [1, -1, 1 / 4],
  [1, 1, 1 / 4],
];
const across: Taps = [
  [0, -1, 1 / 2],
  [0, 1, 1 / 2],
];
const down: Taps = [
  [-1, 0, 1 / 2],
  [1, 0, 1 / 2],
];

/** Malvar, He and Cutler (ICASSP 2004), figure 2: bilinear, corrected by the Laplacian of the channel that is there. */
const malvarGreen: Taps = scaled(8, [
  [0, 0, 4],
  [-1, 0, 2],
  [1, 0, 2],
  [0, -1, 2],
  [0, 1, 2],
  [-2, 0, -1],
  [2, 0, -1],
  [0, -2, -1],
  [0, 2, -1],
]);
/** Red at green pixels in red's rows; turned, in the other rows; and the same for blue. */
const malvarAcross: Taps = scaled(8, [
  [0, 0, 5],
  [0, -1, 4],
  [0, 1, 4],
  [0, -2, -1],
  [0, 2, -1],
  [-1, -1, -1],
  [-1, 1, -1],
  [1, -1, -1],
  [1, 1, -1],
  [-2, 0, 0.5],
  [2, 0, 0.5],
]);
const malvarDown: Taps = malvarAcross.map(([dy, dx, weight]) => [dx, dy, weight]);
/** Red at blue pixels and blue at red ones. */
const malvarCorners: Taps = scaled(8, [
  [0, 0, 6],
  [-1, -1, 2],
  [-1, 1, 2],
  [1, -1, 2],
  [1, 1, 2],
  [-2, 0, -1.5],
  [2, 0, -1.5],
  [0, -2, -1.5],
  [0, 2, -1.5],
]);

function scaled(by: number, taps: Taps): Taps {
  return taps.map(([dy, dx, weight]) => [dy, dx, weight / by]);
}

/**
 * Makes red, green and blue planes of a mosaic.
 *
 * - `bilinear`: the mean of the nearest samples of the channel; what simple cameras do.
 * - `malvar`: the linear filters of Malvar, He and Cutler (ICASSP 2004); near what most converters leave of noise.
 * - `hamilton-adams`: green along the smoother direction (US patent 5,629,734, expired), red and blue by their differences
 *   from green; noise becomes short worms, as with other adaptive methods.
 *
 * @returns `[3, height, width]`, not clamped
 */
export function demosaic(mosaic: Mosaic, how: Demosaicking): Float32Array<ArrayBuffer> {
  const padded = mirrored(mosaic);
  switch (how) {
    case 'bilinear':
      return filtered(mosaic, padded, { green: cross, across, down, corners });
    case 'malvar':
      return filtered(mosaic, padded, {
        green: malvarGreen,
        across: malvarAcross,
        down: malvarDown,
        corners: malvarCorners,
      });
    case 'hamilton-adams':
      return hamiltonAdams(mosaic, padded);
  }
}

interface Filters {
  readonly green: Taps;
  readonly across: Taps;
  readonly down: Taps;
  readonly corners: Taps;
}

/** Mirrors without repeating the edge samples, which keeps the pattern. */
function mirrored({ width, height, data }: Mosaic): Float32Array {
  const stride = width + 2 * border;
  const padded = new Float32Array(stride * (height + 2 * border));
  const inside = (i: number, n: number): number => {
    const period = 2 * (n - 1);
    const place = (((i % period) + period) % period) | 0;
    return place < n ? place : period - place;
  };
  for (let y = -border; y < height + border; y++) {
    const row = inside(y, height) * width;
    const to = (y + border) * stride + border;
    padded.set(data.subarray(row, row + width), to);
    for (let k = 1; k <= border; k++) {
      padded[to - k] = data[row + inside(-k, width)] ?? 0;
      padded[to + width - 1 + k] = data[row + inside(width - 1 + k, width)] ?? 0;
    }
  }
  return padded;
}

/** Linear filters, one for each missing channel and place in the pattern. */
function filtered(
  { width, height }: Mosaic,
  padded: Float32Array,
  filters: Filters,
): Float32Array<ArrayBuffer> {
  const stride = width + 2 * border;
  const area = width * height;
  const planes = new Float32Array(3 * area);
  const itself: Taps = [[0, 0, 1]];
  const { green } = filters;
  // [row % 2][column % 2] → the taps of red, green and blue.
  const pattern: readonly (readonly (readonly [Taps, Taps, Taps])[])[] = [
    [
      [itself, green, filters.corners],
      [filters.across, itself, filters.down],
    ],
    [
      [filters.down, itself, filters.across],
      [filters.corners, green, itself],
    ],
  ];
  for (const [oddRow, places] of pattern.entries())
    for (const [oddColumn, channels] of places.entries())
      for (const [channel, taps] of channels.entries()) {
        const shifts = Int32Array.from(taps, ([dy, dx]) => dy * stride + dx);
        const weights = Float64Array.from(taps, ([, , weight]) => weight);
        for (let y = oddRow; y < height; y += 2) {
          const from = (y + border) * stride + border;
          const to = channel * area + y * width;
          for (let x = oddColumn; x < width; x += 2) {
            let sum = 0;
            for (let k = 0; k < shifts.length; k++)
              sum += (weights[k] ?? 0) * (padded[from + x + (shifts[k] ?? 0)] ?? 0);
            planes[to + x] = sum;
          }
        }
      }
  return planes;
}

function hamiltonAdams({ width, height }: Mosaic, raw: Float32Array): Float32Array<ArrayBuffer> {
  const stride = width + 2 * border;
  const green = Float32Array.from(raw);
  // Green at red and blue places, two samples beyond the edges: the differences need it there.
  for (let y = 2; y < height + 2 * border - 2; y++)
    for (let x = 2 + (y & 1); x < stride - 2; x += 2) {
      const p = y * stride + x;
      const here = 2 * (raw[p] ?? 0);
      const curveAcross = here - (raw[p - 2] ?? 0) - (raw[p + 2] ?? 0);
      const curveDown = here - (raw[p - 2 * stride] ?? 0) - (raw[p + 2 * stride] ?? 0);
      const [left, right] = [raw[p - 1] ?? 0, raw[p + 1] ?? 0];
      const [above, below] = [raw[p - stride] ?? 0, raw[p + stride] ?? 0];
      const roughAcross = Math.abs(left - right) + Math.abs(curveAcross);
      const roughDown = Math.abs(above - below) + Math.abs(curveDown);
      const alongRow = (left + right) / 2 + curveAcross / 4;
      const alongColumn = (above + below) / 2 + curveDown / 4;
      green[p] =
        roughAcross < roughDown
          ? alongRow
          : roughDown < roughAcross
            ? alongColumn
            : (alongRow + alongColumn) / 2;
    }
  const difference = raw; // red or blue less green, where there is red or blue
  for (let p = 0; p < difference.length; p++) difference[p] = (difference[p] ?? 0) - (green[p] ?? 0);
  const area = width * height;
  const planes = new Float32Array(3 * area);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const p = (y + border) * stride + x + border;
      const base = green[p] ?? 0;
      const own = difference[p] ?? 0;
      const row = ((difference[p - 1] ?? 0) + (difference[p + 1] ?? 0)) / 2;
      const column = ((difference[p - stride] ?? 0) + (difference[p + stride] ?? 0)) / 2;
      const diagonal =
        ((difference[p - stride - 1] ?? 0) +
          (difference[p - stride + 1] ?? 0) +
          (difference[p + stride - 1] ?? 0) +
          (difference[p + stride + 1] ?? 0)) /
        4;
      const evenRow = (y & 1) === 0;
      const evenColumn = (x & 1) === 0;
      const red = evenRow ? (evenColumn ? own : row) : evenColumn ? column : diagonal;
      const blue = evenRow ? (evenColumn ? diagonal : column) : evenColumn ? row : own;
      const to = y * width + x;
      planes[to] = base + red;
      planes[area + to] = base;
      planes[2 * area + to] = base + blue;
    }
  return planes;
}
