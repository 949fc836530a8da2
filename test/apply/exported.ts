import { plainInference } from '#src/denoise/index.js';
import { inferenceMethodNamed } from '#src/models/denoiser-options.js';
import { denoisingProgram } from '#src/apply/denoising-program.js';
import type { DenoiserWeights } from '#src/api/index.js';
import type { NetworkDescription } from '#src/networks/index.js';
import { createRandom, declareParameters } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import { elementCount, type Shape } from '#src/tensor/index.js';
import { noisyPicture } from '../models/denoisers.js';
import { inOnePiece } from './in-one-piece.js';

/** Sizes of pictures, `[width, height]`, that exported models are run on. */
export const pictureSizes = [
  [1, 1],
  [7, 3],
  [64, 48],
  [101, 77],
] as const;

/** What a method makes of a picture of noise, in one piece and without giving back detail. */
export async function libraryResult(
  runtime: Runtime,
  weights: DenoiserWeights,
  [width, height]: readonly [number, number],
  enhance = true,
): Promise<{ readonly noisy: Float32Array; readonly denoised: Float32Array }> {
  const options = { ...plainInference, enhance, deterministic: true };
  const program = denoisingProgram(weights, inferenceMethodNamed(weights.method), options);
  const picture = noisyPicture(width, height);
  return { noisy: picture.data, denoised: await inOnePiece(runtime, program, picture) };
}

/** Weights of a network that was never trained, none of them zero, so that every layer has a part in the result. */
export function randomWeights(description: NetworkDescription, method: string, gain = 1): DenoiserWeights {
  const random = createRandom(4, 2);
  const drawn = (shape: Shape): Float32Array => {
    // Where nothing but ReLUs lie between them, matrices keep the size of the signal with a gain of 6; scales and shifts of single features are small.
    const fanIn = elementCount(shape.slice(1));
    const bound = shape.length > 1 && elementCount(shape) > fanIn ? Math.sqrt(gain / fanIn) : 0.2;
    return Float32Array.from({ length: elementCount(shape) }, () => bound * (2 * random.uniform() - 1));
  };
  const declared = declareParameters(description.network, [1, 3, 64, 64]);
  const parameters = Object.fromEntries(
    [...declared].map(([key, { shape }]) => [key, { data: drawn(shape), shape, dtype: 'float32' as const }]),
  );
  return { method, description, parameters, record: { steps: 3 }, licence: 'CC0-1.0' };
}
