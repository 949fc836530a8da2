import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork } from '../nn/index.js';
import { l1Loss } from '../tensor/index.js';
import type { Objective } from './objective.js';
import { type Pairs, pairFeeds, pairShapes } from './pairs.js';

/** What an upscaler learns pixel by pixel from. */
export interface PixelLesson {
  readonly network: Network;
  readonly scale: number;
  readonly size: BatchSize;
  readonly pairs: Pairs;
  /** Whether the pairs bring sharpened pictures, which are then what the result is compared with. */
  readonly sharpened: boolean;
}

/**
 * The pixel stage of an upscaler: mean |G(low) − high|. Every adversarial training begins with the network that it gives
 * (ESRGAN, ECCVW 2018; Real-ESRGAN's "ESRNet" with sharpened pictures in place of `high`).
 */
export function pixelObjective({ network, scale, size, pairs, sharpened }: PixelLesson): Objective {
  const shapes = pairShapes(size, scale);
  const truth = sharpened ? 'sharpened' : 'high';
  return {
    inputs: { low: { shape: shapes.low }, [truth]: { shape: shapes.high } },
    loss: (parameters, inputs) => {
      const { low, [truth]: high } = inputs;
      if (low === undefined || high === undefined) throw new RangeError('the pairs were not given');
      return l1Loss(applyNetwork(network, parameters, low), high);
    },
    feeds: (step) => pairFeeds(pairs, step, shapes),
  };
}
