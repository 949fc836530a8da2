import { loadUpscalerWeights, shippedUpscalerPath, type UpscalerWeights } from '../library/index.js';
import type { Context } from './context.js';
import { namedWeights } from './model-store.js';

/** Reads the upscaler that was named by `weightsNaming`; without a name, the one that comes with revela. */
export async function namedUpscaler(name: string | undefined, context: Context): Promise<UpscalerWeights> {
  return loadUpscalerWeights(name === undefined ? shippedUpscalerPath() : await namedWeights(name, context));
}
