import { lookingOptions } from '../critic/looking-options.js';
import type { ScoringMeasure } from '../measure.js';
import { sfdIqaMeasure, sfdIqaOptions } from './sfd-iqa-facts.js';

/** SFD-IQA, by the discriminators of a training. */
export const sfdIqa = {
  ...{ kind: 'scoring', facts: sfdIqaMeasure, page: 'sfd-iqa.md' },
  ...{ options: sfdIqaOptions, looking: lookingOptions },
  open: async (given) => (await import('./open-sfd-iqa.js')).sfdIqaFor(given),
  // The file says which CLIP it belongs to, and no other is taken.
  fileOf: {
    judges: async (named) => (await import('./judges-file.js')).judgesFile(named),
  },
  loss: async (runtime, given) => (await import('./sfd-iqa-loss.js')).sfdIqaLoss(runtime, given),
} as const satisfies ScoringMeasure<typeof sfdIqaOptions, typeof lookingOptions>;
