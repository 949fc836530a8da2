import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DenoiserWeights,
  fileSha256,
  loadDenoiserWeights,
  loadUpscalerWeights,
  saveDenoiserWeights,
  saveUpscalerWeights,
  shippedWeights,
  type UpscalerWeights,
} from '../api/index.js';
import { fileError } from '../file-errors.js';
import { type RecipeWeights, weightsPlace } from './recipe.js';
import type { SubmitStorage } from './storage/storage.js';
import type { FleetWork } from './submit-options.js';

/** What a recipe says of weights: a name that every installation knows, or a file beside the recipe. */
export interface FrozenWeights {
  readonly name?: string;
  readonly file?: RecipeWeights;
}

/**
 * Copies weights to where the results go, under their hash, so that every machine gets these and no others: files, run folders, models of the
 * store and blends alike. Those that come with the package stay a name.
 *
 * @param folder the place of the folder of the results
 * @throws RevelaError for weights that cannot be read or written
 */
export async function freezeWeights(
  task: FleetWork,
  storage: SubmitStorage,
  folder: string,
): Promise<FrozenWeights> {
  if (task.work === 'score') return {};
  const { weights } = task.options ?? {};
  if (weights === undefined) return {};
  if (typeof weights === 'string' && (await shippedWeights(weights)) !== undefined) return { name: weights };
  const here = await mkdtemp(join(tmpdir(), 'revela-fleet-')).catch((error: unknown) => {
    throw fileError(`cannot make a folder for the weights in ${tmpdir()}`, error);
  });
  const temporary = join(here, 'weights.safetensors');
  try {
    if (task.work === 'denoise')
      await saveDenoiserWeights(temporary, await denoiserOf(task.options?.weights));
    else await saveUpscalerWeights(temporary, await upscalerOf(task.options?.weights));
    const sha256 = await fileSha256(temporary);
    const file = `${sha256}.safetensors`;
    await storage.put(weightsPlace(folder, { file }), await openAsBlob(temporary));
    return { file: { file, sha256, from: typeof weights === 'string' ? weights : 'a program' } };
  } finally {
    await rm(here, { recursive: true, force: true });
  }
}

const denoiserOf = async (weights: string | DenoiserWeights = 'general'): Promise<DenoiserWeights> =>
  typeof weights === 'string' ? loadDenoiserWeights(weights) : weights;

const upscalerOf = async (weights: string | UpscalerWeights = 'photo'): Promise<UpscalerWeights> =>
  typeof weights === 'string' ? loadUpscalerWeights(weights) : weights;
