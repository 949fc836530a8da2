import type { Tensor } from '../tensor/index.js';
import { add, conv2d, elementCount, imageShape, matmul, multiply, reshape } from '../tensor/index.js';
import { biasUniform, kaimingUniform } from './initialisers.js';
import type { ParameterScope } from './parameters.js';

/** A scale γ, and a shift δ where there is one, of every channel: `[channels]`. */
export interface ChannelAffine {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

/** Parameters `weight` and, where there is one, `bias` of a 1×1 convolution, initialised as PyTorch's `nn.Conv2d`. */
function pointwiseParameters(scope: ParameterScope, [out, into]: readonly [number, number], biased: boolean) {
  const weight = scope.parameter('weight', [out, into, 1, 1], kaimingUniform);
  return { weight, bias: biased ? scope.parameter('bias', [out], biasUniform(into)) : undefined };
}

/** Whether changing a weight costs less than changing an image. */
const isSmaller = (weight: Tensor, image: Tensor): boolean =>
  elementCount(weight.shape) < elementCount(image.shape);

/**
 * A 1×1 convolution of an image whose channels are scaled and shifted first: W·(γ⊙x + δ) + b. Where the weight is smaller
 * than the image, the same is computed as (W·diag γ)·x + (W·δ + b), which spares passes over the image.
 * Shapes: x `[batch, channels, height, width]` → `[batch, out, height, width]`.
 *
 * @example
 * convolutionOfAffine(scope.at('conv1'), standardise(x, [1], 1e-6), { weight, bias }, 64);
 */
export function convolutionOfAffine(
  scope: ParameterScope,
  x: Tensor,
  { weight: scale, bias: shift }: ChannelAffine,
  out: number,
  { bias: biased = true }: { readonly bias?: boolean } = {},
): Tensor {
  const [, channels] = imageShape(x, 'convolutionOfAffine');
  const { weight, bias } = pointwiseParameters(scope, [out, channels], biased);
  const perInput = reshape(scale, [1, channels, 1, 1]);
  if (!isSmaller(weight, x)) {
    const scaled = multiply(x, perInput);
    return conv2d(shift === undefined ? scaled : add(scaled, reshape(shift, perInput.shape)), weight, bias);
  }
  const folded = multiply(weight, perInput);
  if (shift === undefined) return conv2d(x, folded, bias);
  const moved = reshape(matmul(reshape(weight, [out, channels]), reshape(shift, [channels, 1])), [out]);
  return conv2d(x, folded, bias === undefined ? moved : add(bias, moved));
}

/**
 * A 1×1 convolution whose output channels are scaled: s⊙(W·x + b). Where the weight is smaller than the image, the same is
 * computed as (diag s·W)·x + s⊙b.
 * Shapes: x `[batch, channels, height, width]` → `[batch, out, height, width]`, s with `out` elements.
 *
 * @example
 * add(x, scaledConvolution(scope.at('conv5'), y, scope.parameter('gamma', [1, 64, 1, 1], constantValue(0))));
 */
export function scaledConvolution(scope: ParameterScope, x: Tensor, scale: Tensor): Tensor {
  const [, channels] = imageShape(x, 'scaledConvolution');
  const out = elementCount(scale.shape);
  const { weight, bias } = pointwiseParameters(scope, [out, channels], true);
  if (!isSmaller(weight, x)) return multiply(conv2d(x, weight, bias), reshape(scale, [1, out, 1, 1]));
  const folded = multiply(weight, reshape(scale, [out, 1, 1, 1]));
  return conv2d(x, folded, bias === undefined ? undefined : multiply(bias, reshape(scale, [out])));
}
