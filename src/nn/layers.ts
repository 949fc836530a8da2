import type { ConvolutionOptions, Tensor } from '../tensor/index.js';
import {
  add,
  batchNormEvaluation,
  batchNormTraining,
  conv2d,
  convTranspose2d,
  imageShape,
  multiply,
  reshape,
  stopGradient,
} from '../tensor/index.js';
import type { Initialiser } from './initialisers.js';
import { biasUniform, constantValue, kaimingUniform } from './initialisers.js';
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

/**
 * A transposed convolution with parameters `weight` `[in, out, kernel, kernel]` and `bias`, initialised as PyTorch's
 * `nn.ConvTranspose2d`. Shapes: x `[batch, in, height, width]` → `[batch, out, …]`.
 */
export function transposedConvolution(
  scope: ParameterScope,
  x: Tensor,
  out: number,
  kernel: number,
  options: Omit<ConvolutionLayerOptions, 'mask' | 'groups'> = {},
): Tensor {
  const [, channels] = imageShape(x, 'transposedConvolution');
  const weight = scope.parameter(
    'weight',
    [channels, out, kernel, kernel],
    options.weightInitialiser ?? kaimingUniform,
  );
  const y = convTranspose2d(x, weight, options);
  if (options.bias === false) return y;
  const biasInitialiser = options.biasInitialiser ?? biasUniform(out * kernel * kernel);
  return add(y, reshape(scope.parameter('bias', [out], biasInitialiser), [1, out, 1, 1]));
}

/** Options of {@link batchNormalisation}. */
export interface BatchNormalisationOptions {
  /** Normalise by the statistics of the `batch`, or by `running` ones that are parameters too and that no gradient reaches. */
  readonly statistics: 'running' | 'batch';
  readonly epsilon?: number;
}

/**
 * Batch normalisation of channels with parameters `weight` and `bias`, and with `running` statistics `running_mean` and
 * `running_var`. x: `[batch, channels, height, width]`.
 */
export function batchNormalisation(
  scope: ParameterScope,
  x: Tensor,
  { statistics, epsilon = 1e-5 }: BatchNormalisationOptions,
): Tensor {
  const shape = [imageShape(x, 'batchNormalisation')[1]];
  const affine = {
    weight: scope.parameter('weight', shape, constantValue(1)),
    bias: scope.parameter('bias', shape, constantValue(0)),
  };
  if (statistics === 'batch') return batchNormTraining(x, affine, epsilon);
  const running = {
    mean: stopGradient(scope.parameter('running_mean', shape, constantValue(0))),
    variance: stopGradient(scope.parameter('running_var', shape, constantValue(1))),
  };
  return batchNormEvaluation(x, affine, running, epsilon);
}
