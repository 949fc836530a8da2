import {
  absolute,
  add,
  cast,
  constant,
  equal,
  log,
  max,
  mean,
  multiply,
  negate,
  reshape,
  sqrt,
  subtract,
  sum,
  exp,
} from '../operations/index.js';
import { extent } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { softplus, square } from './activations.js';

/** mean |a − b| */
export function l1Loss(a: Tensor, b: Tensor): Tensor {
  return mean(absolute(subtract(a, b)));
}

/** mean (a − b)² */
export function mseLoss(a: Tensor, b: Tensor): Tensor {
  return mean(square(subtract(a, b)));
}

/**
 * mean over the images of √(mean (a − b)² + ε): the squared error within an image, and the same pull of every image, whether
 * its error is large or small. `[batch, channels, height, width]`
 *
 * @param epsilon keeps the root smooth at 0; default: a quarter of a step of 8 bits, squared
 */
export function rootMeanSquareLoss(a: Tensor, b: Tensor, epsilon = 1e-6): Tensor {
  const errors = mean(square(subtract(a, b)), { axes: [1, 2, 3] });
  return mean(sqrt(add(errors, epsilon)));
}

/** mean √((a − b)² + ε), the Charbonnier loss. */
export function charbonnierLoss(a: Tensor, b: Tensor, epsilon = 1e-12): Tensor {
  return mean(sqrt(add(square(subtract(a, b)), epsilon)));
}

/** Binary cross-entropy of logits against a constant label: mean softplus(−z) for 1, mean softplus(z) for 0. */
export function binaryCrossEntropyWithLogits(logits: Tensor, label: 0 | 1): Tensor {
  return mean(softplus(label === 1 ? negate(logits) : logits));
}

/** x − ln Σ eˣ along the last axis, shifted by the largest so that it does not overflow. */
export function logSoftmax(x: Tensor): Tensor {
  const shifted = subtract(x, max(x, -1, true));
  return subtract(shifted, log(sum(exp(shifted), { axes: [-1], keepAxes: true })));
}

/** 1 at each class index, 0 elsewhere: `[…indices, classes]`. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  const labels =
    indices.dtype === 'int64'
      ? constant(
          BigInt64Array.from({ length: classes }, (_, i) => BigInt(i)),
          [classes],
        )
      : constant(
          Int32Array.from({ length: classes }, (_, i) => i),
          [classes],
        );
  return cast(equal(reshape(indices, [...indices.shape, 1]), labels), 'float32');
}

/** Mean negative log-likelihood of the target classes. logits: `[batch, classes]`, target: integers `[batch]`. */
export function crossEntropy(logits: Tensor, target: Tensor): Tensor {
  const chosen = multiply(logSoftmax(logits), oneHot(target, extent(logits.shape, -1)));
  return negate(multiply(sum(chosen), 1 / extent(logits.shape, 0)));
}
