import {
  DISTS_CONSTANT,
  distsChannels,
  DISTS_LEAST_SIDE,
  type DistsStatistics,
  distsStatistics,
  distsStrides,
} from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { grouped, multiply, sum, type Tensor, type TensorValue, trace } from '../../tensor/index.js';
import { countingPositions, type DistanceTile } from '../distances/distance-tiles.js';
import type { DistsWeights } from '../../models/index.js';
import { type DistanceOptions, openDistance, type PictureDistance } from '../distances/picture-distance.js';

/** The side of pieces that take about 1 GiB. */
const TILE = 768;

const names = ['meanX', 'meanY', 'varianceX', 'varianceY', 'varianceOfDifference'] as const;

/** Statistics of the channels over the positions that were added. */
type Statistics = Record<(typeof names)[number], Float64Array>;

interface Sums {
  /** Of each layer. */
  readonly positions: number[];
  readonly of: Statistics;
}

const width = distsChannels.reduce((total, channels) => total + channels, 0);

/** How many positions a layer has in a piece of so many pixels: every pooling rounds up. */
const positionsIn = (pixels: number, stride: number): number => Math.ceil(pixels / stride);

/** The positions of a layer that count, as rows and columns. */
function counting({ x, y }: DistanceTile, stride: number) {
  const [rows, columns] = [positionsIn(y.length, stride), positionsIn(x.length, stride)];
  const [top, bottom] = countingPositions(y, stride, rows);
  const [left, right] = countingPositions(x, stride, columns);
  return { rows, columns, top, bottom, left, right, positions: (bottom - top) * (right - left) };
}

/** 1 / n at the n positions that count, 0 elsewhere. */
function weighing(tile: DistanceTile, stride: number): TensorValue {
  const { rows, columns, top, bottom, left, right, positions } = counting(tile, stride);
  const data = new Float32Array(rows * columns);
  for (let row = top; row < bottom; row++)
    data.fill(1 / positions, row * columns + left, row * columns + right);
  return { data, shape: [1, 1, rows, columns], dtype: 'float32' };
}

/**
 * Adds the statistics of n positions to those of N others (Chan, Golub & LeVeque, 1979): of the variance of a quantity
 * whose means are δ apart, `(N·V + n·v + δ²·N·n/(N + n)) / (N + n)`.
 */
function merge(sums: Sums, tile: DistanceTile, results: Readonly<Record<string, TensorValue>>): void {
  const part = (name: keyof Statistics, channel: number): number =>
    Number(results[name]?.data[channel] ?? Number.NaN);
  let channel = 0;
  for (const [layer, channels] of distsChannels.entries()) {
    const before = sums.positions[layer] ?? 0;
    const { positions } = counting(tile, distsStrides[layer] ?? 1);
    const after = before + positions;
    for (const end = channel + channels; channel < end; channel++) {
      if (positions === 0) continue;
      const { meanX, meanY, varianceX, varianceY, varianceOfDifference } = sums.of;
      const [dx, dy] = [
        part('meanX', channel) - (meanX[channel] ?? 0),
        part('meanY', channel) - (meanY[channel] ?? 0),
      ];
      const merged = (into: Float64Array, name: keyof Statistics, apart: number): void => {
        const spread = (apart ** 2 * before * positions) / after;
        into[channel] = ((into[channel] ?? 0) * before + part(name, channel) * positions + spread) / after;
      };
      merged(varianceX, 'varianceX', dx);
      merged(varianceY, 'varianceY', dy);
      merged(varianceOfDifference, 'varianceOfDifference', dx - dy);
      meanX[channel] = (meanX[channel] ?? 0) + (dx * positions) / after;
      meanY[channel] = (meanY[channel] ?? 0) + (dy * positions) / after;
    }
    sums.positions[layer] = after;
  }
}

/** DISTS of statistics; see `dists`, which says the same as a tensor program. */
function distanceOf({ of }: Sums, weights: DistsWeights['weights']): number {
  const [alpha, beta] = [weights['alpha']?.data ?? [], weights['beta']?.data ?? []];
  let [distance, share] = [0, 0];
  for (let channel = 0; channel < width; channel++) {
    const [a, b] = [Number(alpha[channel]), Number(beta[channel])];
    const [x = 0, y = 0] = [of.meanX[channel], of.meanY[channel]];
    const variances = (of.varianceX[channel] ?? 0) + (of.varianceY[channel] ?? 0);
    distance += (a * (x - y) ** 2) / (x ** 2 + y ** 2 + DISTS_CONSTANT);
    distance += (b * (of.varianceOfDifference[channel] ?? 0)) / (variances + DISTS_CONSTANT);
    share += a + b;
  }
  return distance / share;
}

/**
 * Makes DISTS ready for pictures of any size, as they are: the program of its authors first makes pictures smaller whose shorter
 * side has more than 256 pixels, others that compute DISTS do not. Large pictures are looked at piece by piece, and the
 * statistics of the pieces are put together: the result is that of the whole picture but for rounding.
 *
 * @example
 * const dists = openDists(runtime, await loadDists({ weights: 'weights.pt', backbone: 'vgg16-397923af.pth' }));
 * const distance = await dists.compare(await readPicture('a.png'), await readPicture('b.png'));
 * await dists.close();
 */
export function openDists(
  runtime: Runtime,
  { backbone, weights }: DistsWeights,
  { tile = TILE }: DistanceOptions = {},
): PictureDistance {
  return openDistance<Sums>(runtime, {
    title: 'DISTS',
    leastSide: DISTS_LEAST_SIDE,
    tile,
    trace: (size) => statisticsOfSize(backbone, size),
    constants: grouped('backbone', backbone),
    feeds: (piece) =>
      Object.fromEntries(distsStrides.map((stride, layer) => [`weighing${layer}`, weighing(piece, stride)])),
    empty: () => ({
      positions: distsChannels.map(() => 0),
      of: {
        meanX: new Float64Array(width),
        meanY: new Float64Array(width),
        varianceX: new Float64Array(width),
        varianceY: new Float64Array(width),
        varianceOfDifference: new Float64Array(width),
      },
    }),
    add: merge,
    result: (sums) => distanceOf(sums, weights),
  });
}

function statisticsOfSize(
  backbone: DistsWeights['backbone'],
  { height, width: columns }: { readonly height: number; readonly width: number },
) {
  return trace(({ input, inputs }) => {
    const [x, y] = [input('x', [1, 3, height, columns]), input('y', [1, 3, height, columns])];
    const masks = distsStrides.map((stride, layer) =>
      input(`weighing${layer}`, [1, 1, positionsIn(height, stride), positionsIn(columns, stride)]),
    );
    const average = (features: Tensor, layer: number): Tensor => {
      const mask = masks[layer];
      if (mask === undefined) throw new RangeError(`DISTS has no layer ${layer}`);
      return sum(multiply(features, mask), { axes: [2, 3], keepAxes: true });
    };
    const found: DistsStatistics = distsStatistics(inputs('backbone', backbone), x, y, average);
    return { ...found };
  });
}
