import { keysCubic, repeatIndex } from '../../pixels/index.js';
import { blockSum, constant, matmul, mean, multiply, reshape, transpose } from '../operations/index.js';
import { formatShape, imageShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Kernel of an interpolation: support on each side, and weight at a distance. */
interface Kernel {
  readonly support: number;
  weight(distance: number): number;
}

const linear: Kernel = { support: 1, weight: (d) => Math.max(0, 1 - d) };

/** PyTorch's choice. */
const cubic: Kernel = { support: 2, weight: keysCubic(-0.75) };

/** Rows: output positions, columns: input positions; pixel centres at half integers, borders repeated, no antialiasing. */
function interpolationMatrix(from: number, to: number, { support, weight }: Kernel): Tensor {
  const data = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const raw = ((i + 0.5) * from) / to - 0.5;
    const centre = support === 1 ? Math.max(0, raw) : raw;
    const first = Math.floor(centre) - support + 1;
    for (let tap = first; tap < first + 2 * support; tap++) {
      const column = repeatIndex(tap, from);
      const at = i * from + column;
      data[at] = (data[at] ?? 0) + weight(Math.abs(centre - tap));
    }
  }
  return constant(Float32Array.from(data), [to, from]);
}

function resize(x: Tensor, [rows, columns]: readonly [number, number], kernel: Kernel): Tensor {
  const [, , height, width] = imageShape(x, 'resize');
  const vertically = height === rows ? x : matmul(interpolationMatrix(height, rows, kernel), x);
  return width === columns
    ? vertically
    : matmul(vertically, interpolationMatrix(width, columns, kernel), { transposeB: true });
}

/** Bilinear resizing to `[height, width]`, pixel centres at half integers (`align_corners=False`), no antialiasing. */
export function resizeBilinear(x: Tensor, size: readonly [number, number]): Tensor {
  return resize(x, size, linear);
}

/** Bicubic resizing to `[height, width]` with a = −0.75, pixel centres at half integers, no antialiasing. */
export function resizeBicubic(x: Tensor, size: readonly [number, number]): Tensor {
  return resize(x, size, cubic);
}

/** Sub-pixel shuffle: `[batch, channels·factor², height, width]` → `[batch, channels, height·factor, width·factor]`. */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  const [batch, depth, height, width] = imageShape(x, 'pixelShuffle');
  const channels = depth / (factor * factor);
  if (!Number.isInteger(channels))
    throw new RangeError(`pixelShuffle: ${depth} channels are no multiple of ${factor}²`);
  const cells = transpose(reshape(x, [batch, channels, factor, factor, height, width]), [0, 1, 4, 2, 5, 3]);
  return reshape(cells, [batch, channels, height * factor, width * factor]);
}

/** The inverse of {@link pixelShuffle}: every phase of a `factor` × `factor` grid becomes a channel. */
export function pixelUnshuffle(x: Tensor, factor: number): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'pixelUnshuffle');
  if (height % factor !== 0 || width % factor !== 0)
    throw new RangeError(`pixelUnshuffle: ${formatShape(x.shape)} is no multiple of ${factor}`);
  const cells = reshape(x, [batch, channels, height / factor, factor, width / factor, factor]);
  return reshape(transpose(cells, [0, 1, 3, 5, 2, 4]), [
    batch,
    channels * factor * factor,
    height / factor,
    width / factor,
  ]);
}

/** Mean of each `kernel` × `kernel` block; the image's size must be a multiple. */
export function avgPool2d(x: Tensor, kernel: number): Tensor {
  const [, , height, width] = imageShape(x, 'avgPool2d');
  if (height % kernel !== 0 || width % kernel !== 0)
    throw new RangeError(
      `avgPool2d: ${formatShape(x.shape)} is no multiple of the ${kernel}×${kernel} window`,
    );
  return multiply(blockSum(x, kernel), 1 / (kernel * kernel));
}

/** Mean over all pixels: `[batch, channels, 1, 1]`. */
export function globalAvgPool(x: Tensor): Tensor {
  imageShape(x, 'globalAvgPool');
  return mean(x, { axes: [2, 3], keepAxes: true });
}
