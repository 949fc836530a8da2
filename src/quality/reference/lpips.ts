import {
  alexnet,
  alexnetLayers,
  alexnetParameters,
  normaliseForImageNet,
  squeezenet,
  squeezenetLayers,
  squeezenetParameters,
  vgg16,
  vgg16Layers,
  vgg16Parameters,
} from '../../networks/index.js';
import { type ParameterDeclarations, type ParameterScope, scopeOf } from '../../nn/index.js';
import {
  type Shape,
  type Tensor,
  type TensorRecord,
  add,
  conv2d,
  divide,
  imageShape,
  maximum,
  mean,
  multiply,
  relu,
  sqrt,
  square,
  subtract,
  sum,
  total,
} from '../../tensor/index.js';
import type { LpipsNetwork } from '../arithmetic-options.js';

/** What LPIPS needs to know of a network that it looks through. */
export interface LpipsBackbone {
  /** As its authors call it. */
  readonly title: string;
  /** Parameters, by torchvision's keys. */
  parameters(): ParameterDeclarations;
  /** What is compared, after the ReLU, from the first layer to the last. */
  features(parameters: ParameterScope, x: Tensor): readonly Tensor[];
  /** Channels of these. */
  readonly channels: readonly number[];
  /** By how many pixels the positions of each are apart. */
  readonly strides: readonly number[];
  /** The least side of a picture. */
  readonly leastSide: number;
}

/** The networks of LPIPS, by the names that its authors gave them. */
export const lpipsBackbones: Readonly<Record<LpipsNetwork, LpipsBackbone>> = {
  alex: {
    title: 'AlexNet',
    parameters: alexnetParameters,
    features: (parameters, x) => {
      const found = alexnet(parameters, x);
      return alexnetLayers.map((layer) => found[layer]);
    },
    channels: [64, 192, 384, 256, 256],
    strides: [4, 8, 16, 16, 16],
    leastSide: 31,
  },
  vgg: {
    title: 'VGG16',
    parameters: vgg16Parameters,
    features: (parameters, x) => {
      const found = vgg16(parameters, x);
      return vgg16Layers.map((layer) => relu(found[layer]));
    },
    channels: [64, 128, 256, 512, 512],
    strides: [1, 2, 4, 8, 16],
    leastSide: 16,
  },
  squeeze: {
    title: 'SqueezeNet 1.1',
    parameters: squeezenetParameters,
    features: (parameters, x) => {
      const found = squeezenet(parameters, x);
      return squeezenetLayers.map((layer) => found[layer]);
    },
    channels: [64, 128, 256, 384, 384, 512, 512],
    strides: [2, 4, 8, 16, 16, 16, 16],
    leastSide: 17,
  },
};

/** Shapes of the heads by state-dict key: what each channel of each layer counts. */
export function lpipsHeadShapes(network: LpipsNetwork): ReadonlyMap<string, Shape> {
  return new Map(
    lpipsBackbones[network].channels.map((channels, i) => [headKey(i), [1, channels, 1, 1]] as const),
  );
}

const headKey = (layer: number): string => `lin${layer}.model.1.weight`;

/** The parameters of LPIPS: nobody learns them. */
export interface LpipsParameters {
  /** Of the network that it looks through, by torchvision's keys. */
  readonly backbone: TensorRecord;
  /** As `lpipsHeadShapes` has them. */
  readonly heads: TensorRecord;
}

/** Added to the lengths of features, as the original has it. */
const EPSILON = 1e-10;

/** The least squared length: the root of 0 has no derivative, and a ReLU may leave nothing of all channels. */
const TINY = 1e-24;

/** f / (‖f‖ + ε), of the channels of each position. */
function unitLength(features: Tensor): Tensor {
  const squared = sum(square(features), { axes: [1], keepAxes: true });
  return multiply(features, divide(1, add(sqrt(maximum(squared, TINY)), EPSILON)));
}

/**
 * How far two pictures are apart at every position of every layer: `Σ_c w_c (f̂_c − ĝ_c)²`, f̂ and ĝ the features of unit length.
 * LPIPS is the sum over the layers of the means over the positions.
 *
 * @returns a map `[batch, 1, rows, columns]` for each layer
 */
export function lpipsMaps(
  network: LpipsNetwork,
  { backbone, heads }: LpipsParameters,
  x: Tensor,
  y: Tensor,
): readonly Tensor[] {
  imageShape(x, 'lpips');
  const { features } = lpipsBackbones[network];
  // Its own shift and scale for pictures in [−1, 1] are those of ImageNet for [0, 1].
  const seen = (picture: Tensor): readonly Tensor[] =>
    features(scopeOf(backbone), normaliseForImageNet(picture)).map(unitLength);
  const ofY = seen(y);
  return seen(x).map((ofX, i) => {
    const [head, other] = [heads[headKey(i)], ofY[i]];
    if (head === undefined || other === undefined)
      throw new RangeError(`lpips: the heads have no ${headKey(i)}`);
    return conv2d(square(subtract(ofX, other)), head);
  });
}

/**
 * LPIPS 0.1, the learned perceptual image patch similarity (Zhang et al., CVPR 2018), as a tensor program. 0 for equal
 * pictures; less is better.
 *
 * @param x and y pictures, RGB in [0, 1], `[batch, 3, height, width]`
 * @returns `[batch]`
 *
 * @example
 * const distance = lpips('alex', { backbone: inputs('alexnet', net), heads: inputs('heads', heads) }, x, y);
 */
export function lpips(network: LpipsNetwork, parameters: LpipsParameters, x: Tensor, y: Tensor): Tensor {
  return total(lpipsMaps(network, parameters, x, y).map((map) => mean(map, { axes: [1, 2, 3] })));
}

/**
 * LPIPS as a loss: its mean over the batch. What lies outside of [0, 1] is not clamped.
 *
 * @example
 * const loss = add(l1Loss(output, target), lpipsLoss('vgg', parameters, output, target));
 */
export function lpipsLoss(network: LpipsNetwork, parameters: LpipsParameters, x: Tensor, y: Tensor): Tensor {
  return mean(lpips(network, parameters, x, y));
}
