import { add, divide, mean, multiply, reshape, sqrt, subtract } from '../operations/index.js';
import { imageShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { square } from './activations.js';

/** Scale and shift learnt per channel (or per feature). */
export interface Affine {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** E[(x − E x)²] over axes: the population (biased) variance. */
export function variance(x: Tensor, axes: readonly number[], keepAxes = false): Tensor {
  return mean(square(subtract(x, mean(x, { axes, keepAxes: true }))), { axes, keepAxes });
}

/** (x − E x) / √(Var x + ε) over axes. */
export function standardise(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centred = subtract(x, mean(x, { axes, keepAxes: true }));
  const deviation = sqrt(add(mean(square(centred), { axes, keepAxes: true }), epsilon));
  // The reciprocal of the few in place of a division of the many.
  return multiply(centred, divide(1, deviation));
}

/** Per-channel numbers `[channels]` laid along axis 1 of an image batch. */
const perChannel = (x: Tensor): Tensor => reshape(x, [1, -1, 1, 1]);

function affineChannels(x: Tensor, affine: Affine | undefined): Tensor {
  return affine === undefined ? x : add(multiply(x, perChannel(affine.weight)), perChannel(affine.bias));
}

/** Layer normalisation over the last axis. */
export function layerNorm(x: Tensor, affine: Affine, epsilon = 1e-5): Tensor {
  return add(multiply(standardise(x, [-1], epsilon), affine.weight), affine.bias);
}

/** Layer normalisation over the channels of each pixel (NAFNet's LayerNorm2d). x: `[batch, channels, height, width]`. */
export function layerNormChannels(x: Tensor, affine: Affine, epsilon = 1e-6): Tensor {
  return affineChannels(standardise(x, [1], epsilon), affine);
}

/** x / √(Var x + ε) over axes: standardised but for the mean, which stays (Restormer's normalisation without bias). */
export function scaleToUnitVariance(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  return multiply(x, divide(1, sqrt(add(variance(x, axes, true), epsilon))));
}

/** Batch normalisation with the statistics of this batch (training). x: `[batch, channels, height, width]`. */
export function batchNormTraining(x: Tensor, affine: Affine, epsilon = 1e-5): Tensor {
  return affineChannels(standardise(x, [0, 2, 3], epsilon), affine);
}

/** Batch normalisation with running statistics (evaluation): one scale and shift per channel. */
export function batchNormEvaluation(
  x: Tensor,
  affine: Affine,
  running: { readonly mean: Tensor; readonly variance: Tensor },
  epsilon = 1e-5,
): Tensor {
  const scale = divide(affine.weight, sqrt(add(running.variance, epsilon)));
  return affineChannels(x, { weight: scale, bias: subtract(affine.bias, multiply(running.mean, scale)) });
}

/** Group normalisation: statistics per image and group of neighbouring channels. */
export function groupNorm(x: Tensor, groups: number, affine?: Affine, epsilon = 1e-5): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'groupNorm');
  const grouped = reshape(x, [batch, groups, (channels / groups) * height * width]);
  return affineChannels(reshape(standardise(grouped, [2], epsilon), x.shape), affine);
}

/** Instance normalisation: statistics per image and channel. */
export function instanceNorm(x: Tensor, affine?: Affine, epsilon = 1e-5): Tensor {
  return affineChannels(standardise(x, [2, 3], epsilon), affine);
}
