import { type DistanceFiles, loadDists } from '../../models/index.js';
import { DISTS_LEAST_SIDE, distsLoss } from '../../quality/index.js';
import type { LossProgram } from '../loss/loss-program.js';

/** DISTS to train by. */
export async function distsLossBy(files: DistanceFiles): Promise<LossProgram> {
  const { backbone, weights } = await loadDists(files);
  return {
    ...{ needsReference: true, channels: 3, least: DISTS_LEAST_SIDE, multiple: 1 },
    constants: { backbone, weights },
    loss: ({ backbone: net = {}, weights: own = {} }, pictures, references) =>
      distsLoss({ backbone: net, weights: own }, pictures, references),
  };
}
