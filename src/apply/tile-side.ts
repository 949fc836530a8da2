import { peakBytes } from '../tensor/index.js';
import type { PictureProgram } from './apply-in-tiles.js';

/**
 * Bytes of tensors that a tile may have alive at once. ONNX Runtime takes 1.3 to 1.8 times as much (measured with the student and
 * with DBSNl of 32 channels), and where features are enlarged 2.5 times (measured with RRDBNet), because it copies them
 * into another layout. So a tile of a denoiser stays below 280 MiB: beside the picture of 24 megapixels there are its result and Node's own
 * memory, and all of that is to be less than 1 GiB. Where the result is larger than the picture anyway, it stays below 1 GiB.
 */
const TENSOR_BYTES = { sameSize: 150 * 2 ** 20, enlarging: 410 * 2 ** 20 } as const;

/** A side at which the memory of a pixel is counted, and the limits of tiles, in pixels of the result. */
const [PROBE, SMALLEST, LARGEST] = [256, 256, 2048] as const;

/** Sides are multiples of this where that is possible. */
const STEP = 32;

/**
 * The default side of tiles, in pixels of the picture: as large as memory allows, because margins cost less in larger
 * tiles. How much memory a pixel takes is counted in the traced program.
 *
 * @param program sides must be multiples of its `multiple`, to which they are rounded where they are used
 */
export function tileSideFor({
  trace,
  multiple,
  scale,
}: Pick<PictureProgram, 'trace' | 'multiple' | 'scale'>): number {
  const probe = Math.ceil(PROBE / scale / multiple) * multiple;
  const { outputs } = trace({ height: probe, width: probe });
  const perPixel = peakBytes(Object.values(outputs)) / probe ** 2;
  const bytes = scale > 1 ? TENSOR_BYTES.enlarging : TENSOR_BYTES.sameSize;
  const side = Math.floor(Math.sqrt(bytes / perPixel) / STEP) * STEP;
  return Math.floor(Math.min(LARGEST / scale, Math.max(SMALLEST / scale, side)));
}
