import type { Tensor } from '../tensor/index.js';
import { formatShape, imageShape, pad, reshape, slice, transpose } from '../tensor/index.js';

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
  if (stride === 1) return x;
  const cells = reshape(x, [batch, channels, height / stride, stride, width / stride, stride]);
  return reshape(transpose(cells, [3, 5, 0, 1, 2, 4]), [-1, channels, height / stride, width / stride]);
}

/** The inverse of {@link pixelDownsample}. */
export function pixelUpsample(x: Tensor, stride: number): Tensor {
  const [stacked, channels, height, width] = imageShape(x, 'pixelUpsample');
  const batch = stacked / stride ** 2;
  if (!Number.isInteger(batch))
    throw new RangeError(`pixelUpsample: ${stacked} sub-images are no multiple of ${stride}²`);
  if (stride === 1) return x;
  const cells = reshape(x, [stride, stride, batch, channels, height, width]);
  return reshape(transpose(cells, [2, 3, 4, 0, 5, 1]), [batch, channels, height * stride, width * stride]);
}

/**
 * Pixel-shuffle down-sampling as AP-BSN lays it out: the sub-images side by side in one picture, sub-image (a, b) in
 * row a and column b, each with `padding` zeros on all sides.
 *
 * `[batch, channels, height, width]` → `[batch, channels, height + 2·padding·stride, width + 2·padding·stride]`.
 * A network that reaches further than `2·padding` sees the neighbouring sub-image there.
 */
export function mosaicDownsample(x: Tensor, stride: number, padding: number): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'mosaicDownsample');
  const [rows, columns] = [height / stride, width / stride];
  const phases = reshape(pixelDownsample(x, stride), [stride, stride, batch, channels, rows, columns]);
  const gap = [0, 0, 0, 0, padding, padding];
  const tiled = transpose(pad(phases, gap, gap), [2, 3, 0, 4, 1, 5]);
  return reshape(tiled, [batch, channels, height + 2 * padding * stride, width + 2 * padding * stride]);
}

/** The inverse of {@link mosaicDownsample}: drops the padding and puts the sub-images back. */
export function mosaicUpsample(x: Tensor, stride: number, padding: number): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'mosaicUpsample');
  const [rows, columns] = [height / stride, width / stride];
  const tiles = transpose(reshape(x, [batch, channels, stride, rows, stride, columns]), [2, 4, 0, 1, 3, 5]);
  const inner = slice(
    tiles,
    { axis: 4, start: padding, length: rows - 2 * padding },
    { axis: 5, start: padding, length: columns - 2 * padding },
  );
  return pixelUpsample(reshape(inner, [-1, channels, rows - 2 * padding, columns - 2 * padding]), stride);
}
