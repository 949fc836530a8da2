import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Objective } from '../training/index.js';
import { type Pairs, pairFeeds, pairShapes } from '../training/index.js';

/** What a denoiser learns from that is shown pairs. */
export interface PairedLesson {
  readonly network: Network;
  readonly size: BatchSize;
  /** `low` is the noisy patch, `high` the clean one, of the same size. */
  readonly pairs: Pairs;
  /** What the method makes small; both `[batch, 3, patch, patch]`, in [0, 1]. */
  loss(denoised: Tensor, clean: Tensor): Tensor;
}

/** Joins a supervised method's loss, a network and a source of noisy and clean patches. */
export function pairedObjective({ network, size, pairs, loss }: PairedLesson): Objective {
  const shapes = pairShapes(size, 1);
  return {
    inputs: { low: { shape: shapes.low }, high: { shape: shapes.high } },
    loss: (parameters, { low: noisy, high: clean }) => {
      if (noisy === undefined || clean === undefined) throw new RangeError('the pairs were not given');
      return loss(applyNetwork(network, parameters, noisy), clean);
    },
    feeds: (step) => pairFeeds(pairs, step, shapes),
  };
}
