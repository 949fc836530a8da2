import { formatShape, imageShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';

function checkFactor(operation: string, factor: number): void {
  if (!Number.isInteger(factor) || factor < 1)
    throw new RangeError(`${operation}: the factor must be a whole number of at least 1, got ${factor}`);
}

/** Each pixel repeated `factor` × `factor` times. `[batch, channels, height, width]` → `[…, height·factor, width·factor]` */
export function upsampleNearest(x: Tensor, factor: number): Tensor {
  checkFactor('upsampleNearest', factor);
  const [batch, channels, height, width] = imageShape(x, 'upsampleNearest');
  if (factor === 1) return x;
  return createTensor('upsample', [x], { factor }, [batch, channels, height * factor, width * factor]);
}

/** Sum of each `factor` × `factor` block of pixels, the adjoint of {@link upsampleNearest}; the image's size must be a multiple. */
export function blockSum(x: Tensor, factor: number): Tensor {
  checkFactor('blockSum', factor);
  const [batch, channels, height, width] = imageShape(x, 'blockSum');
  if (height % factor !== 0 || width % factor !== 0)
    throw new RangeError(`blockSum: ${formatShape(x.shape)} is no multiple of ${factor}`);
  if (factor === 1) return x;
  return createTensor('blockSum', [x], { factor }, [batch, channels, height / factor, width / factor]);
}
