import type { InferenceMethod, InferenceOptions } from '../denoise/index.js';
import { peakBytes } from '../tensor/index.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { inferenceProgram } from './inference-program.js';

/**
 * Bytes of tensors that a tile may have alive at once. ONNX Runtime takes 1.3 to 1.8 times as much (measured with the
 * student and with DBSNl of 32 channels), so that a tile stays below 1 GiB.
 */
const TENSOR_BYTES = 520 * 2 ** 20;

/** Sides at which the memory of a pixel is counted, and the limits of tiles. */
const [PROBE, SMALLEST, LARGEST] = [256, 256, 2048] as const;

/**
 * The default side of tiles: as large as memory allows, because margins cost less in larger tiles. How much memory a
 * pixel takes is counted in the traced program.
 *
 * @param alignment what sides must be multiples of
 */
export function tileSideFor(
  weights: DenoiserWeights,
  method: InferenceMethod,
  options: InferenceOptions,
  alignment: number,
): number {
  const probe = Math.ceil(PROBE / alignment) * alignment;
  const program = inferenceProgram(weights, method, { height: probe, width: probe }, options);
  const perPixel = peakBytes(Object.values(program.outputs)) / probe ** 2;
  const side = Math.floor(Math.sqrt(TENSOR_BYTES / perPixel) / 32) * 32;
  return Math.min(LARGEST, Math.max(SMALLEST, side));
}
