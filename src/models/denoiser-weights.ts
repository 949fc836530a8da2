import { distilled, sdap } from '../denoise/index.js';
import { type LearntWeights, loadNetworkWeights, saveNetworkWeights } from './network-weights.js';

/** A denoiser: a network with its parameters, the method it was trained by, and how. */
export type DenoiserWeights = LearntWeights;

/**
 * Writes a denoiser as safetensors: beside the target, then renamed.
 *
 * @throws RevelaError if the file cannot be written
 *
 * @example
 * await saveDenoiserWeights('these.safetensors', await loadDenoiserWeights('runs/mine/weights.safetensors'));
 */
export async function saveDenoiserWeights(path: string, weights: DenoiserWeights): Promise<void> {
  await saveNetworkWeights(path, 'denoise', weights);
}

/**
 * Reads a denoiser from safetensors or a PyTorch checkpoint; its architecture and size are recognised from the tensors.
 * Where the file does not say by which method it was trained, a network with a blind spot is taken for SDAP's, and any
 * other is applied in one plain pass, as a distilled one is.
 *
 * @param path a file, or the folder of a run
 * @throws RevelaError for a file that holds no weights, another network, or NaN or infinity.
 *
 * @example
 * const { method } = await loadDenoiserWeights('runs/photos');
 */
export async function loadDenoiserWeights(path: string): Promise<DenoiserWeights> {
  const weights = await loadNetworkWeights(path, 'denoise');
  const { name } = weights.description.blindSpot ? sdap : distilled;
  return { ...weights, method: weights.method ?? name };
}
