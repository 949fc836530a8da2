import { loadUpscalerWeights, type UpscalerWeights } from '../../api/index.js';
import type { Context } from '../context.js';
import { namedNetwork } from '../options/model-store.js';
import type { KeyFlags } from '../options/common-options.js';

/** Reads the upscaler that was named by `weightsNaming`. */
export async function namedUpscaler(
  name: string,
  flags: KeyFlags,
  context: Context,
  note: (message: string) => void,
): Promise<UpscalerWeights> {
  return loadUpscalerWeights(await namedNetwork(name, flags, context, note));
}
