import type { Tensor } from '../tensor/index.js';
import { formatShape, imageShape, reshape, transpose } from '../tensor/index.js';

/**
 * Pixel-shuffle down-sampling with the sub-images on the batch axis (PD in the papers, "stacked"):
 * sub-image (a, b) takes the pixels (stride·y + a, stride·x + b).
 *
 * `[batch, channels, height, width]` → `[stride²·batch, channels, height/stride, width/stride]`, phases outermost
 * (row phase, column phase, image). Noise that is correlated over fewer than `stride` pixels is independent
 * within a sub-image.
 */
export function pixelDownsample(x: Tensor, stride: number): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'pixelDownsample');
  if (height % stride !== 0 || width % stride !== 0)
    throw new RangeError(`pixelDownsample: ${formatShape(x.shape)} is no multiple of the stride ${stride}`);
  const cells = reshape(x, [batch, channels, height / stride, stride, width / stride, stride]);
  return reshape(transpose(cells, [3, 5, 0, 1, 2, 4]), [-1, channels, height / stride, width / stride]);
}

/** The inverse of {@link pixelDownsample}. */
export function pixelUpsample(x: Tensor, stride: number): Tensor {
  const [stacked, channels, height, width] = imageShape(x, 'pixelUpsample');
  const batch = stacked / stride ** 2;
  if (!Number.isInteger(batch))
    throw new RangeError(`pixelUpsample: ${stacked} sub-images are no multiple of ${stride}²`);
  const cells = reshape(x, [stride, stride, batch, channels, height, width]);
  return reshape(transpose(cells, [2, 3, 4, 0, 5, 1]), [batch, channels, height * stride, width * stride]);
}
