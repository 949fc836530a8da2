import { loadNetworkWeights, type NetworkWeights, saveNetworkWeights } from './network-weights.js';

/** A scorer: a network that judges quality, with its parameters, and how they came about. */
export type ScorerWeights = NetworkWeights;

/**
 * Writes a scorer as safetensors: beside the target, then renamed.
 *
 * @throws RevelaError if the file cannot be written
 *
 * @example
 * await saveScorerWeights('mine.safetensors', await loadScorerWeights('runs/mine/weights.safetensors'));
 */
export async function saveScorerWeights(path: string, weights: ScorerWeights): Promise<void> {
  await saveNetworkWeights(path, 'score', weights);
}

/**
 * Reads a scorer from safetensors; its size is recognised from the tensors.
 *
 * @throws RevelaError for a file that holds no weights, another network, or NaN or infinity.
 *
 * @example
 * const scorer = await loadScorerWeights('runs/scorer/weights.safetensors');
 */
export async function loadScorerWeights(path: string): Promise<ScorerWeights> {
  return loadNetworkWeights(path, 'score');
}
