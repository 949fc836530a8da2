import type { ParameterDeclarations, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, declareParameters, kaimingNormal } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { maxPool2d, relu } from '../tensor/index.js';
import type { StateDictShapes } from './architecture.js';
import { type ChannelStatistics, normaliseChannels } from './channel-normalisation.js';
import { hasConvolutions } from './torchvision-convolutions.js';

type Blocks = readonly (readonly number[])[];

/** Channels of the convolutions of the five blocks; a 2×2 max pool is between the blocks. */
const vgg16Blocks: Blocks = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];
const vgg19Blocks: Blocks = [
  [64, 64],
  [128, 128],
  [256, 256, 256, 256],
  [512, 512, 512, 512],
  [512, 512, 512, 512],
];

/** Names of VGG16's features: block and convolution, counted from 1. */
export const vgg16Layers = ['conv1_2', 'conv2_2', 'conv3_3', 'conv4_3', 'conv5_3'] as const;

/** Names of VGG19's features, likewise. */
export const vgg19Layers = ['conv1_2', 'conv2_2', 'conv3_4', 'conv4_4', 'conv5_4'] as const;

/** The last convolution of every block of VGG16, before its ReLU. */
export type Vgg16Features = Readonly<Record<(typeof vgg16Layers)[number], Tensor>>;

/** The last convolution of every block of VGG19, before its ReLU. */
export type Vgg19Features = Readonly<Record<(typeof vgg19Layers)[number], Tensor>>;

/** Statistics of ImageNet, which torchvision's weights were trained with. */
const statistics: ChannelStatistics = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/**
 * Pictures as torchvision's networks take them: RGB in [0, 1], `[batch, 3, height, width]`, with ImageNet's mean taken off
 * and divided by its standard deviation.
 */
export function normaliseForImageNet(picture: Tensor): Tensor {
  return normaliseChannels(picture, statistics);
}

/** What makes pictures half as large between two blocks. */
export type VggPooling = (x: Tensor) => Tensor;

const maxPooling: VggPooling = (x) => maxPool2d(x, { kernel: 2 });

/** The last convolution of every block, before its ReLU. */
function lastOfBlocks(
  blocks: Blocks,
  pooling: VggPooling,
  parameters: ParameterScope,
  x: Tensor,
): readonly Tensor[] {
  const layers = parameters.at('features');
  let place = 0;
  let y = x;
  return blocks.map((channels, block) => {
    if (block > 0) {
      y = pooling(relu(y));
      place += 2;
    }
    channels.forEach((out, i) => {
      if (i > 0) {
        y = relu(y);
        place += 1;
      }
      y = convolution(layers.at(place), y, out, 3, {
        padding: 1,
        weightInitialiser: kaimingNormal(),
        biasInitialiser: constantValue(0),
      });
      place += 1;
    });
    return y;
  });
}

/**
 * Features of VGG19 (Simonyan & Zisserman, ICLR 2015) before the ReLU, as perceptual losses since ESRGAN (ECCVW 2018) compare
 * them: `conv1_2` `[batch, 64, height, width]`, `conv2_2` `[batch, 128, height/2, …]`, `conv3_4` `[batch, 256, height/4, …]`,
 * `conv4_4` `[batch, 512, height/8, …]`, `conv5_4` `[batch, 512, height/16, …]`. Parameters have the keys of torchvision:
 * `features.0.weight` to `features.34.bias`. Pictures of at least 16 × 16, normalised by {@link normaliseForImageNet}.
 *
 * @example
 * const { conv5_4 } = vgg19(scopeOf(parameters), normaliseForImageNet(picture));
 */
export function vgg19(parameters: ParameterScope, x: Tensor): Vgg19Features {
  const last = lastOfBlocks(vgg19Blocks, maxPooling, parameters, x);
  const [conv1_2 = x, conv2_2 = x, conv3_4 = x, conv4_4 = x, conv5_4 = x] = last;
  return { conv1_2, conv2_2, conv3_4, conv4_4, conv5_4 };
}

/**
 * Features of VGG16, likewise: `conv1_2`, `conv2_2`, `conv3_3`, `conv4_3` and `conv5_3`, of 64, 128, 256, 512 and 512 channels,
 * before the ReLU. Parameters `features.0.weight` to `features.28.bias`, as in torchvision.
 *
 * @param pooling between the blocks; DISTS has another than the largest of 2×2
 *
 * @example
 * const { conv5_3 } = vgg16(scopeOf(parameters), normaliseForImageNet(picture));
 */
export function vgg16(
  parameters: ParameterScope,
  x: Tensor,
  { pooling = maxPooling }: { readonly pooling?: VggPooling } = {},
): Vgg16Features {
  const last = lastOfBlocks(vgg16Blocks, pooling, parameters, x);
  const [conv1_2 = x, conv2_2 = x, conv3_3 = x, conv4_3 = x, conv5_3 = x] = last;
  return { conv1_2, conv2_2, conv3_3, conv4_3, conv5_3 };
}

/** Parameters of {@link vgg19}, by state-dict key. */
export function vgg19Parameters(): ParameterDeclarations {
  return declareParameters(vgg19, [1, 3, 16, 16]);
}

/** Parameters of {@link vgg16}, by state-dict key. */
export function vgg16Parameters(): ParameterDeclarations {
  return declareParameters(vgg16, [1, 3, 16, 16]);
}

/** Whether shapes have exactly torchvision's VGG19 among them: sixteen convolutions at its places, no batch normalisation. */
export function isVgg19(shapes: StateDictShapes): boolean {
  return hasConvolutions(shapes, vgg19Parameters());
}

/** Whether shapes have exactly torchvision's VGG16 among them: thirteen convolutions at its places, no batch normalisation. */
export function isVgg16(shapes: StateDictShapes): boolean {
  return hasConvolutions(shapes, vgg16Parameters());
}
