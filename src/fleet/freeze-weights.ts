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
import { type RecipeWeights, weightsPlace } from './recipe.js';
import { Scratch } from './storage/scratch.js';
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
  await using scratch = new Scratch();
  let sha256 = '';
  await using saved = await scratch.result('weights.safetensors', async (content) => {
    sha256 = await fileSha256(saved.path);
    await storage.put(weightsPlace(folder, { file: weightsFile(sha256) }), content);
  });
  if (task.work === 'denoise') await saveDenoiserWeights(saved.path, await denoiserOf(task.options?.weights));
  else await saveUpscalerWeights(saved.path, await upscalerOf(task.options?.weights));
  await saved.keep();
  const from = typeof weights === 'string' ? weights : 'a program';
  return { file: { file: weightsFile(sha256), sha256, from } };
}

const weightsFile = (sha256: string): string => `${sha256}.safetensors`;

const denoiserOf = async (weights: string | DenoiserWeights = 'general'): Promise<DenoiserWeights> =>
  typeof weights === 'string' ? loadDenoiserWeights(weights) : weights;

const upscalerOf = async (weights: string | UpscalerWeights = 'photo'): Promise<UpscalerWeights> =>
  typeof weights === 'string' ? loadUpscalerWeights(weights) : weights;
