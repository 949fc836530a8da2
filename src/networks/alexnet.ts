import type { ParameterDeclarations, ParameterScope } from '../nn/index.js';
import { convolution, declareParameters } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { maxPool2d, relu } from '../tensor/index.js';
import type { StateDictShapes } from './architecture.js';
import { hasConvolutions } from './torchvision-convolutions.js';

/** Names of AlexNet's features: its convolutions, counted from 1. */
export const alexnetLayers = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'] as const;

/** The convolutions of AlexNet, after their ReLU. */
export type AlexnetFeatures = Readonly<Record<(typeof alexnetLayers)[number], Tensor>>;

/** The least side of a picture: what two poolings leave a pixel of. */
export const ALEXNET_LEAST_SIDE = 31;

/**
 * Features of AlexNet (Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014, as torchvision has
 * it) after the ReLU: `conv1` `[batch, 64, (height − 7)/4 + 1, …]`, `conv2` of 192 channels at half of that, then `conv3`, `conv4`
 * and `conv5` of 384, 256 and 256 channels at half of that again. Parameters have the keys of torchvision:
 * `features.0.weight` to `features.10.bias`. Pictures of at least 31 × 31, normalised as LPIPS or ImageNet has it.
 *
 * @example
 * const { conv5 } = alexnet(scopeOf(parameters), normaliseForImageNet(picture));
 */
export function alexnet(parameters: ParameterScope, x: Tensor): AlexnetFeatures {
  const layers = parameters.at('features');
  const layer = (place: number, from: Tensor, out: number, kernel: number, stride = 1): Tensor =>
    relu(convolution(layers.at(place), from, out, kernel, { stride, padding: kernel === 3 ? 1 : 2 }));
  const pooled = (y: Tensor): Tensor => maxPool2d(y, { kernel: 3, stride: 2 });
  const conv1 = layer(0, x, 64, 11, 4);
  const conv2 = layer(3, pooled(conv1), 192, 5);
  const conv3 = layer(6, pooled(conv2), 384, 3);
  const conv4 = layer(8, conv3, 256, 3);
  const conv5 = layer(10, conv4, 256, 3);
  return { conv1, conv2, conv3, conv4, conv5 };
}

/** Parameters of {@link alexnet}, by state-dict key. */
export function alexnetParameters(): ParameterDeclarations {
  return declareParameters(alexnet, [1, 3, 64, 64]);
}

/** Whether shapes have exactly torchvision's AlexNet among them. */
export function isAlexnet(shapes: StateDictShapes): boolean {
  return hasConvolutions(shapes, alexnetParameters());
}
