import { OptionError } from '../errors.js';
import { type LpipsNetwork, lpipsNetworks } from '../quality/index.js';
import { checkFrozen, type FrozenFile, frozenFile } from './game-settings.js';
import { type DistanceFiles, loadLpips, type LpipsWeights } from './load-distances.js';

/** LPIPS as a validation is told of it: the network that it looks through, and both files. */
export interface ValidationLpips extends DistanceFiles {
  readonly network: LpipsNetwork;
}

/** The same, settled: a run goes on with the same numbers or not at all. */
export interface LpipsSettings {
  readonly network: LpipsNetwork;
  readonly weights: FrozenFile;
  readonly backbone: FrozenFile;
}

/**
 * Settles by which LPIPS a run is measured.
 *
 * @throws RevelaError for a network that LPIPS does not have, and files that are missing
 */
export async function lpipsSettings({ network, weights, backbone }: ValidationLpips): Promise<LpipsSettings> {
  if (!lpipsNetworks.includes(network))
    throw new OptionError(
      `--validation-lpips must be one of ${lpipsNetworks.join(', ')}, got ${String(network)}`,
    );
  return { network, weights: await frozenFile(weights), backbone: await frozenFile(backbone) };
}

/**
 * Reads the LPIPS that a run is measured by.
 *
 * @throws RevelaError for files that are missing, others than those that the run began with, or no LPIPS
 */
export async function lpipsOf({ network, weights, backbone }: LpipsSettings): Promise<LpipsWeights> {
  for (const file of [weights, backbone]) await checkFrozen(file);
  return loadLpips(network, { weights: weights.path, backbone: backbone.path });
}
