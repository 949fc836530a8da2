import type { ConvolutionOptions, Tensor } from '../tensor/index.js';
import { conv2d, imageShape, multiply } from '../tensor/index.js';
import type { Initialiser } from './initialisers.js';
import { biasUniform, kaimingUniform } from './initialisers.js';
import type { ParameterScope } from './parameters.js';

/** Options of {@link convolution}. */
export interface ConvolutionLayerOptions extends ConvolutionOptions {
  readonly bias?: boolean;
  /** Multiplied into the weight before use, so that masked taps neither act nor learn. `[1, 1, kernel, kernel]` */
  readonly mask?: Tensor;
  /** First values of the weight; default as PyTorch's `nn.Conv2d`. */
  readonly weightInitialiser?: Initialiser;
  /** First values of the bias; default as PyTorch's `nn.Conv2d`. */
  readonly biasInitialiser?: Initialiser;
}

/**
 * A convolution with parameters `weight` and `bias`, initialised as PyTorch's `nn.Conv2d`.
 * Shapes: x `[batch, channels, height, width]` → `[batch, out, …]`.
 */
export function convolution(
  scope: ParameterScope,
  x: Tensor,
  out: number,
  kernel: number,
  options: ConvolutionLayerOptions = {},
): Tensor {
  const { bias = true, mask, groups = 1 } = options;
  const [, channels] = imageShape(x, 'convolution');
  const perGroup = channels / groups;
  const stored = scope.parameter(
    'weight',
    [out, perGroup, kernel, kernel],
    options.weightInitialiser ?? kaimingUniform,
  );
  const weight = mask === undefined ? stored : multiply(stored, mask);
  const biasInitialiser = options.biasInitialiser ?? biasUniform(perGroup * kernel * kernel);
  const shift = bias ? scope.parameter('bias', [out], biasInitialiser) : undefined;
  return conv2d(x, weight, shift, options);
}
