import { loadUpscalerWeights, shippedUpscalerPath, type UpscalerWeights } from '../library/index.js';
import type { Context } from './context.js';
import { namedNetwork } from './model-store.js';
import type { KeyFlags } from './options.js';

/** Reads the upscaler that was named by `weightsNaming`; without a name, the one that comes with revela. */
export async function namedUpscaler(
  name: string | undefined,
  flags: KeyFlags,
  context: Context,
  note: (message: string) => void,
): Promise<UpscalerWeights> {
  return loadUpscalerWeights(
    name === undefined ? shippedUpscalerPath() : await namedNetwork(name, flags, context, note),
  );
}
