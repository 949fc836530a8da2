import {
  absolute,
  add,
  divide,
  exp,
  log,
  maximum,
  multiply,
  negate,
  relu,
  reshape,
  sigmoid,
  sqrt,
  subtract,
  sum,
} from '../operations/index.js';
import type { Tensor } from '../tensor.js';

/** x·σ(1.702·x), the approximation CLIP uses. */
export function quickGelu(x: Tensor): Tensor {
  return multiply(x, sigmoid(multiply(x, 1.702)));
}

/** x·σ(x) */
export function silu(x: Tensor): Tensor {
  return multiply(x, sigmoid(x));
}

/** ln(1 + eˣ), written so that it neither overflows nor loses small values: max(x, 0) + ln(1 + e^−|x|). */
export function softplus(x: Tensor): Tensor {
  return add(relu(x), log(add(exp(negate(absolute(x))), 1)));
}

/** x / max(‖x‖₂, ε) along the last axis. */
export function l2Normalise(x: Tensor, epsilon = 1e-12): Tensor {
  const length = maximum(sqrt(sum(multiply(x, x), { axes: [-1], keepAxes: true })), epsilon);
  return multiply(x, divide(1, length));
}

/** x² */
export function square(x: Tensor): Tensor {
  return multiply(x, x);
}

/**
 * x where it is positive, else x times a slope of its channel's own, which may be learnt: `max(x, 0) + slope · min(x, 0)`.
 * x: `[batch, channels, height, width]`, slope: `[channels]`.
 */
export function prelu(x: Tensor, slope: Tensor): Tensor {
  const positive = relu(x);
  return add(positive, multiply(reshape(slope, [1, -1, 1, 1]), subtract(x, positive)));
}
