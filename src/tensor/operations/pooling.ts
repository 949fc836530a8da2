import type { PoolingGeometry } from '../primitives.js';
import { imageShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';

/** Options of {@link maxPool2d}. */
export interface PoolingOptions {
  readonly kernel: number;
  /** Default: the kernel, so that windows do not overlap. */
  readonly stride?: number;
  /** Round the output extent up, so that a last window may hang over the border. */
  readonly ceil?: boolean;
}

/**
 * Largest value of each window. Where several are equal the first in row-major order gets the gradient.
 * That is by a mask of ones and zeros, so that an infinite gradient is NaN for the others of its window, where PyTorch has 0.
 * Windows that hold NaN, or nothing but −∞, are as the device has it: the CPU may pass NaN over, where PyTorch hands it on.
 * Shapes: `[batch, channels, height, width]` → `[batch, channels, ⌊(height − kernel)/stride⌋ + 1, …]`.
 */
export function maxPool2d(x: Tensor, options: PoolingOptions): Tensor {
  const { kernel, stride = kernel, ceil = false } = options;
  const [batch, channels, height, width] = imageShape(x, 'maxPool2d');
  const count = (size: number): number => {
    const windows = (size - kernel) / stride;
    const rounded = (ceil ? Math.ceil(windows) : Math.floor(windows)) + 1;
    // A window that would start beyond the border is dropped.
    return (rounded - 1) * stride >= size ? rounded - 1 : rounded;
  };
  const out = [count(height), count(width)] as const;
  if (out[0] < 1 || out[1] < 1)
    throw new RangeError(
      `maxPool2d: a ${height}×${width} input is smaller than the ${kernel}×${kernel} window`,
    );
  const overhang = (size: number, windows: number): number =>
    Math.max(0, (windows - 1) * stride + kernel - size);
  const geometry: PoolingGeometry = {
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: [0, 0, overhang(height, out[0]), overhang(width, out[1])],
  };
  return createTensor('maxPool', [x], geometry, [batch, channels, ...out]);
}
