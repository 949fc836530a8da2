import type { ParameterDeclarations, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, declareParameters, kaimingNormal } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { maxPool2d, relu } from '../tensor/index.js';
import type { StateDictShapes } from './architecture.js';
import { type ChannelStatistics, normaliseChannels } from './channel-normalisation.js';

/** Channels of the convolutions of the five blocks; a 2×2 max pool is between the blocks. */
const blocks: readonly (readonly number[])[] = [
  [64, 64],
  [128, 128],
  [256, 256, 256, 256],
  [512, 512, 512, 512],
  [512, 512, 512, 512],
];

/** Names of the features: block and convolution, counted from 1. */
export const vgg19Layers = ['conv1_2', 'conv2_2', 'conv3_4', 'conv4_4', 'conv5_4'] as const;

/** The last convolution of every block, before its ReLU. */
export type Vgg19Features = Readonly<Record<(typeof vgg19Layers)[number], Tensor>>;

/** Statistics of ImageNet, which torchvision's weights were trained with. */
const statistics: ChannelStatistics = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/**
 * Pictures as torchvision's VGG19 takes them: RGB in [0, 1], `[batch, 3, height, width]`, with ImageNet's mean taken off
 * and divided by its standard deviation.
 */
export function normaliseForImageNet(picture: Tensor): Tensor {
  return normaliseChannels(picture, statistics);
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
  const layers = parameters.at('features');
  let place = 0;
  let y = x;
  const last = blocks.map((channels, block) => {
    if (block > 0) {
      y = maxPool2d(relu(y), { kernel: 2 });
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
  const [conv1_2 = x, conv2_2 = x, conv3_4 = x, conv4_4 = x, conv5_4 = x] = last;
  return { conv1_2, conv2_2, conv3_4, conv4_4, conv5_4 };
}

/** Parameters of {@link vgg19}, by state-dict key. */
export function vgg19Parameters(): ParameterDeclarations {
  return declareParameters(vgg19, [1, 3, 16, 16]);
}

/** Places of VGG19's convolutions among torchvision's layers. */
const places = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34];

/** Whether shapes have exactly torchvision's VGG19 among them: sixteen convolutions at its places, no batch normalisation. */
export function isVgg19(shapes: StateDictShapes): boolean {
  const found = Object.entries(shapes).flatMap(([key, shape]) => {
    const place = /^features\.(\d+)\.weight$/.exec(key)?.[1];
    return place === undefined ? [] : [{ place: Number(place), shape }];
  });
  found.sort((a, b) => a.place - b.place);
  const widths = blocks.flat();
  return (
    found.length === places.length &&
    found.every(({ place, shape }, i) => place === places[i] && shape.length === 4 && shape[0] === widths[i])
  );
}
