import { type DistanceFiles, loadLpips } from '../../models/index.js';
import { lpipsBackbones, lpipsLoss, type LpipsNetwork } from '../../quality/index.js';
import type { LossProgram } from '../loss/loss-program.js';

/** LPIPS to train by. */
export async function lpipsLossBy(network: LpipsNetwork, files: DistanceFiles): Promise<LossProgram> {
  const { backbone, heads } = await loadLpips(network, files);
  return {
    ...{ needsReference: true, channels: 3, least: lpipsBackbones[network].leastSide, multiple: 1 },
    constants: { backbone, heads },
    loss: ({ backbone: net = {}, heads: own = {} }, pictures, references) =>
      lpipsLoss(network, { backbone: net, heads: own }, pictures, references),
  };
}
