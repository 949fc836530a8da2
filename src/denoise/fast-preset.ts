import type { TrainingPreset } from '../nn/index.js';

/** What the recipes of this program differ in. */
interface FastPreset extends Pick<TrainingPreset, 'rateWidth' | 'clip'> {
  readonly patch?: number;
  readonly learningRate: number;
}

/**
 * This program's own recipe, for minutes instead of days: one patch a step, a short rise, then a cosine down to 2 %. β₂ is
 * short because the gradients' size changes fast. The average of the weights takes the place of choosing a checkpoint.
 */
export function fastPreset({ patch = 160, learningRate, ...others }: FastPreset): TrainingPreset {
  return {
    optimiser: 'adam',
    betas: [0.9, 0.99],
    weightDecay: 0,
    stages: [{ share: 1, patch, batch: 1, learningRate, curve: 'cosine', floor: 0.02 }],
    steps: 20_000,
    averageDecay: 0.995,
    warmUp: 30,
    ...others,
    source: 'this program',
  };
}
