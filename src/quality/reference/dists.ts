import { normaliseForImageNet, vgg16, vgg16Layers } from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import {
  type Shape,
  type Tensor,
  type TensorRecord,
  add,
  concat,
  constant,
  conv2d,
  divide,
  imageShape,
  mean,
  multiply,
  relu,
  reshape,
  sqrt,
  square,
  subtract,
  sum,
} from '../../tensor/index.js';

/** Channels of what is compared: the picture itself, then the five blocks of VGG16. */
export const distsChannels: readonly number[] = [3, 64, 128, 256, 512, 512];

/** By how many pixels the positions of each are apart. */
export const distsStrides: readonly number[] = [1, 1, 2, 4, 8, 16];

const width = distsChannels.reduce((count, of) => count + of, 0);

/** Shapes of its weights: what the texture (`alpha`) and the structure (`beta`) of each channel count. */
export const distsWeightShapes: ReadonlyMap<string, Shape> = new Map([
  ['alpha', [1, width, 1, 1]],
  ['beta', [1, width, 1, 1]],
]);

/** Keeps fractions apart from 0 / 0, in both of them. */
export const DISTS_CONSTANT = 1e-6;

/** The least side of a picture. */
export const DISTS_LEAST_SIDE = 16;

/** The parameters of DISTS: nobody learns them. */
export interface DistsParameters {
  /** Of VGG16, by torchvision's keys. */
  readonly backbone: TensorRecord;
  /** `alpha` and `beta`. */
  readonly weights: TensorRecord;
}

/**
 * L2 pooling: the root of a weighted mean of squares at every second pixel, √(g ⋆ x²), by the inner 3×3 of a 5×5 Hanning window.
 * Unlike the largest of 2×2 it leaves no alias.
 */
export function l2Pooling(x: Tensor): Tensor {
  const [, depth] = imageShape(x, 'l2Pooling');
  const row = [0.25, 0.5, 0.25];
  const window = row.flatMap((v) => row.map((u) => u * v));
  const kernel = constant(
    Float32Array.from({ length: 9 * depth }, (_, i) => window[i % 9] ?? 0),
    [depth, 1, 3, 3],
  );
  const blurred = conv2d(square(x), kernel, undefined, { stride: 2, padding: 1, groups: depth });
  return sqrt(add(blurred, 1e-12));
}

/** What DISTS compares two pictures by, of every channel: `[batch, 1475, 1, 1]` each. */
export interface DistsStatistics {
  readonly meanX: Tensor;
  readonly meanY: Tensor;
  readonly varianceX: Tensor;
  readonly varianceY: Tensor;
  /** Of x − y: σx² + σy² − 2σxy, without the rounding that the difference would suffer. */
  readonly varianceOfDifference: Tensor;
}

/** The mean over some positions of the features of a layer, counted from the picture: `[batch, channels, 1, 1]`. */
export type Averaging = (features: Tensor, layer: number) => Tensor;

const everywhere: Averaging = (features) => mean(features, { axes: [2, 3], keepAxes: true });

/** The statistics of two pictures in the features of VGG16 with {@link l2Pooling}, and in the pictures themselves. */
export function distsStatistics(
  backbone: TensorRecord,
  x: Tensor,
  y: Tensor,
  average: Averaging = everywhere,
): DistsStatistics {
  const seen = (picture: Tensor): readonly Tensor[] => {
    const found = vgg16(scopeOf(backbone), normaliseForImageNet(picture), { pooling: l2Pooling });
    return [picture, ...vgg16Layers.map((layer) => relu(found[layer]))];
  };
  const ofY = seen(y);
  const layers = seen(x).map((ofX, layer) => {
    const other = ofY[layer] ?? ofX;
    const [meanX, meanY] = [average(ofX, layer), average(other, layer)];
    const [a, b] = [subtract(ofX, meanX), subtract(other, meanY)];
    return {
      meanX,
      meanY,
      varianceX: average(square(a), layer),
      varianceY: average(square(b), layer),
      varianceOfDifference: average(square(subtract(a, b)), layer),
    };
  });
  const joined = (name: keyof DistsStatistics): Tensor =>
    concat(
      layers.map((layer) => layer[name]),
      1,
    );
  return {
    meanX: joined('meanX'),
    meanY: joined('meanY'),
    varianceX: joined('varianceX'),
    varianceY: joined('varianceY'),
    varianceOfDifference: joined('varianceOfDifference'),
  };
}

/**
 * DISTS, deep image structure and texture similarity (Ding et al., TPAMI 2020), as a tensor program: with l and s the factors
 * of SSIM for whole channels,
 *
 *     D = 1 − Σ (α l + β s) = Σ α (μx − μy)² / (μx² + μy² + c) + Σ β var(x − y) / (σx² + σy² + c),
 *
 * α and β divided by the sum of both. The second form says the same and loses no digits where pictures are alike. 0 for equal
 * pictures; less is better.
 *
 * @param x and y pictures, RGB in [0, 1], `[batch, 3, height, width]`, at least 16 × 16
 * @returns `[batch]`
 *
 * @example
 * const distance = dists({ backbone: inputs('vgg16', net), weights: inputs('dists', weights) }, x, y);
 */
export function dists({ backbone, weights }: DistsParameters, x: Tensor, y: Tensor): Tensor {
  const [batch] = imageShape(x, 'dists');
  const { alpha, beta } = weights;
  if (alpha === undefined || beta === undefined)
    throw new RangeError('dists: the weights must have alpha and beta');
  const { meanX, meanY, varianceX, varianceY, varianceOfDifference } = distsStatistics(backbone, x, y);
  const texture = divide(
    square(subtract(meanX, meanY)),
    add(add(square(meanX), square(meanY)), DISTS_CONSTANT),
  );
  const structure = divide(varianceOfDifference, add(add(varianceX, varianceY), DISTS_CONSTANT));
  const terms = add(multiply(alpha, texture), multiply(beta, structure));
  const share = divide(1, add(sum(alpha), sum(beta)));
  return reshape(multiply(sum(terms, { axes: [1] }), share), [batch]);
}

/**
 * DISTS as a loss: its mean over the batch. What lies outside of [0, 1] is not clamped.
 *
 * @example
 * const loss = add(l1Loss(output, target), distsLoss(parameters, output, target));
 */
export function distsLoss(parameters: DistsParameters, x: Tensor, y: Tensor): Tensor {
  return mean(dists(parameters, x, y));
}
