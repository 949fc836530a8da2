import { optionError } from '../../errors.js';
import { expectPath, refuseUnknownOptions } from '../../known-options.js';
import { type LpipsNetwork, lpipsNetworks } from '../../quality/index.js';
import {
  checkFrozen,
  type FrozenFile,
  frozenFile,
  type DistanceFiles,
  loadLpips,
  type LpipsWeights,
} from '../../models/index.js';

/** LPIPS as a training is told of it: the network that it looks through, and both files. */
export interface LpipsFiles extends DistanceFiles {
  readonly network: LpipsNetwork;
}

/** The same, settled: a run goes on with the same numbers or not at all. */
export interface LpipsSettings {
  readonly network: LpipsNetwork;
  readonly weights: FrozenFile;
  readonly backbone: FrozenFile;
}

/**
 * Settles which LPIPS a run looks through.
 *
 * @param option by which it was asked for
 * @throws RevelaError for a network that LPIPS does not have, and files that are missing
 */
export async function lpipsSettings(
  files: LpipsFiles,
  option: 'validationLpips' | 'lpips',
): Promise<LpipsSettings> {
  refuseUnknownOptions(option, files, { network: true, weights: true, backbone: true });
  const { network, weights, backbone } = files;
  if (!lpipsNetworks.includes(network))
    throw optionError(option, `one of ${lpipsNetworks.join(', ')}`, network);
  expectPath(weights, `${option}.weights`);
  expectPath(backbone, `${option}.backbone`);
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
