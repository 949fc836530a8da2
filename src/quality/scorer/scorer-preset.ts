import type { TrainingPreset } from '../../nn/index.js';

/** How a scorer learns where nothing else is said: this program's own, for half an hour on a computer without a GPU. */
export const scorerPreset: TrainingPreset = {
  optimiser: 'adamw',
  betas: [0.9, 0.99],
  weightDecay: 0.01,
  stages: [{ share: 1, patch: 160, batch: 4, learningRate: 1e-3, curve: 'cosine', floor: 0.02 }],
  steps: 4000,
  averageDecay: 0.998,
  clip: 2,
  warmUp: 100,
  source: 'this program',
};
