import { OptionError } from '../errors.js';
import { loadUpscalerWeights, type UpscalerWeights } from '../library/index.js';
import type { Context } from './context.js';
import { namedWeights } from './model-store.js';
import { weightsNaming } from './options.js';

/** Reads the upscaler that was named by `weightsNaming`. */
export async function namedUpscaler(name: string, context: Context): Promise<UpscalerWeights> {
  return loadUpscalerWeights(await namedWeights(name, context));
}

/** What is said where no upscaler was named. */
export function noUpscaler(): OptionError {
  return new OptionError(
    `enlarging needs weights, and none come with revela: name some with --weights, ${weightsNaming}, such as realesr-animevideov3`,
  );
}
