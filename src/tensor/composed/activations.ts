import {
  absolute,
  add,
  divide,
  exp,
  maximum,
  multiply,
  negate,
  relu,
  reshape,
  scalar,
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

/**
 * ln(1 + y) for y in [0, 1], also where 1 + y rounds to 1: 2·artanh(z) with z = y / (2 + y), by its series, whose rest is below
 * 10⁻⁸ of it.
 */
function logOnePlus(y: Tensor): Tensor {
  const z = divide(y, add(y, 2));
  const squared = multiply(z, z);
  let series: Tensor = scalar(1 / 15);
  for (const odd of [13, 11, 9, 7, 5, 3, 1]) series = add(multiply(series, squared), 1 / odd);
  return multiply(multiply(z, 2), series);
}

/**
 * ln(1 + eˣ), written so that it neither overflows nor loses small values: max(x, 0) + ln(1 + e^−|x|). Its slope at 0 is ½: that of
 * the maximum of equal numbers, where that of a ReLU is 0.
 */
export function softplus(x: Tensor): Tensor {
  return add(maximum(x, 0), logOnePlus(exp(negate(absolute(x)))));
}

/** x / max(‖x‖₂, ε) along the last axis. At 0 the gradient is the upstream one over ε: the root is of no less than ε². */
export function l2Normalise(x: Tensor, epsilon = 1e-12): Tensor {
  const squares = sum(multiply(x, x), { axes: [-1], keepAxes: true });
  return multiply(x, divide(1, sqrt(maximum(squares, epsilon ** 2))));
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
