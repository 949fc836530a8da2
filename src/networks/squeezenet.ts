import type { ParameterDeclarations, ParameterScope } from '../nn/index.js';
import { convolution, declareParameters } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { concat, maxPool2d, relu } from '../tensor/index.js';
import type { StateDictShapes } from './architecture.js';
import { hasConvolutions } from './torchvision-convolutions.js';

/** Names of SqueezeNet's features: its first convolution and the fire modules that LPIPS looks at, counted as in the paper. */
export const squeezenetLayers = ['conv1', 'fire3', 'fire5', 'fire6', 'fire7', 'fire8', 'fire9'] as const;

/** Features of SqueezeNet after the ReLU. */
export type SqueezenetFeatures = Readonly<Record<(typeof squeezenetLayers)[number], Tensor>>;

/** The least side of a picture: what three poolings leave a pixel of. */
export const SQUEEZENET_LEAST_SIDE = 17;

/** A fire module: few channels, then as many by 1×1 as by 3×3 convolutions beside each other. */
function fire(scope: ParameterScope, x: Tensor, squeezed: number, expanded: number): Tensor {
  const few = relu(convolution(scope.at('squeeze'), x, squeezed, 1));
  const points = relu(convolution(scope.at('expand1x1'), few, expanded, 1));
  const patches = relu(convolution(scope.at('expand3x3'), few, expanded, 3, { padding: 1 }));
  return concat([points, patches], 1);
}

/**
 * Features of SqueezeNet 1.1 (Iandola et al., 2016, as torchvision has it) after the ReLU: `conv1` `[batch, 64, (height − 3)/2 + 1, …]`,
 * `fire3` of 128 channels at half of that, `fire5` of 256 at half of that, then `fire6`, `fire7`, `fire8`, `fire9` of 384, 384, 512
 * and 512 at half of that. Parameters have the keys of torchvision: `features.0.weight` to `features.12.expand3x3.bias`.
 * Pictures of at least 17 × 17, normalised as LPIPS or ImageNet has it.
 *
 * @example
 * const { fire9 } = squeezenet(scopeOf(parameters), normaliseForImageNet(picture));
 */
export function squeezenet(parameters: ParameterScope, x: Tensor): SqueezenetFeatures {
  const layers = parameters.at('features');
  // A last window may hang over the border.
  const pooled = (y: Tensor): Tensor => maxPool2d(y, { kernel: 3, stride: 2, ceil: true });
  const conv1 = relu(convolution(layers.at(0), x, 64, 3, { stride: 2 }));
  const fire2 = fire(layers.at(3), pooled(conv1), 16, 64);
  const fire3 = fire(layers.at(4), fire2, 16, 64);
  const fire4 = fire(layers.at(6), pooled(fire3), 32, 128);
  const fire5 = fire(layers.at(7), fire4, 32, 128);
  const fire6 = fire(layers.at(9), pooled(fire5), 48, 192);
  const fire7 = fire(layers.at(10), fire6, 48, 192);
  const fire8 = fire(layers.at(11), fire7, 64, 256);
  const fire9 = fire(layers.at(12), fire8, 64, 256);
  return { conv1, fire3, fire5, fire6, fire7, fire8, fire9 };
}

/** Parameters of {@link squeezenet}, by state-dict key. */
export function squeezenetParameters(): ParameterDeclarations {
  return declareParameters(squeezenet, [1, 3, 64, 64]);
}

/** Whether shapes have exactly torchvision's SqueezeNet 1.1 among them. */
export function isSqueezenet(shapes: StateDictShapes): boolean {
  return hasConvolutions(shapes, squeezenetParameters());
}
