import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork, pairShapes } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Objective } from '../training/index.js';

/** What a denoiser learns from that is shown pairs. */
export interface PairedLesson {
  readonly network: Network;
  readonly size: BatchSize;
  /** What the method makes small; both `[batch, 3, patch, patch]`, in [0, 1]. */
  loss(denoised: Tensor, clean: Tensor): Tensor;
}

/** Joins a supervised method's loss and a network: `low` is the noisy patch, `high` the clean one, of the same size. */
export function pairedObjective({ network, size, loss }: PairedLesson): Objective {
  const shapes = pairShapes(size, 1);
  return {
    inputs: { low: { shape: shapes.low }, high: { shape: shapes.high } },
    loss: (parameters, { low: noisy, high: clean }) => {
      if (noisy === undefined || clean === undefined) throw new RangeError('the pairs were not given');
      return loss(applyNetwork(network, parameters, noisy), clean);
    },
  };
}
