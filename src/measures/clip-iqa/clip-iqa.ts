import { lookingOptions } from '../critic/looking-options.js';
import type { ScoringMeasure } from '../measure.js';
import { clipIqaMeasure, clipIqaOptions } from './clip-iqa-facts.js';

/** CLIP-IQA, by a CLIP. */
export const clipIqa = {
  ...{ kind: 'scoring', facts: clipIqaMeasure, page: 'sfd-iqa.md' },
  ...{ options: clipIqaOptions, looking: lookingOptions },
  open: async (given) => (await import('./open-clip-iqa.js')).clipIqaFor(given),
  loss: async (runtime, given) => (await import('./clip-iqa-loss.js')).clipIqaLoss(runtime, given),
} as const satisfies ScoringMeasure<typeof clipIqaOptions, typeof lookingOptions>;
