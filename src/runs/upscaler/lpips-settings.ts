import { distanceModels } from '../../measures/choices.js';
import type { LpipsNetwork } from '../../quality/index.js';
import {
  checkFrozen,
  type FrozenFile,
  frozenFile,
  loadLpips,
  type LpipsWeights,
} from '../../models/index.js';
import type { LpipsFiles } from './loss-options.js';

/** LPIPS as a run looks through it, settled: a run goes on with the same numbers or not at all. */
export interface LpipsSettings {
  readonly network: LpipsNetwork;
  readonly weights: FrozenFile;
  readonly backbone: FrozenFile;
}

/**
 * Settles which LPIPS a run looks through; by its name it is made of models of the store.
 *
 * @throws RevelaError for files that are missing
 */
export async function lpipsSettings(named: LpipsFiles | LpipsNetwork): Promise<LpipsSettings> {
  const { network, weights, backbone } =
    typeof named === 'string' ? { network: named, ...distanceModels[named] } : named;
  return { network, weights: await frozenFile(weights), backbone: await frozenFile(backbone) };
}

/**
 * Reads the LPIPS of a run.
 *
 * @throws RevelaError for files that are missing, others than those that the run began with, or no LPIPS
 */
export async function lpipsOf({ network, weights, backbone }: LpipsSettings): Promise<LpipsWeights> {
  for (const file of [weights, backbone]) await checkFrozen(file);
  return loadLpips(network, { weights: weights.path, backbone: backbone.path });
}
