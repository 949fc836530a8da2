import type { ScorerWeights } from '../../models/index.js';
import { weightsOption } from '../measure-option.js';

/** A scorer: a file, or what was read from one. */
export const scorerOption = weightsOption<ScorerWeights>('loadScorerWeights', {
  words: 'a trained scorer',
  usual: 'the built-in one',
  file: async () => (await import('../../models/index.js')).shippedScorerPath(),
});
