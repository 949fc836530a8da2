import type { QualityMeasure } from '../../quality/index.js';
import type { ScoringMeasure } from '../measure.js';
import { scorerOption } from './scorer-option.js';

const options = {
  /** `revela`: another scorer than the one that the package ships. */
  scorer: scorerOption,
};

const facts: QualityMeasure<'revela'> = {
  name: 'revela',
  title: "Revela's scorer",
  summary: 'judges by itself, having learnt from damaged pictures alone, never from opinions',
  better: 'higher',
  range: [0, 100],
  ...{ needsReference: false, fromOpinions: false, hasMap: true },
  smallest: { width: 64, height: 64 },
  refuses: 'pictures of one colour',
  needs: [],
  source: 'this program, after the idea of SFD-IQA (CVPR 2025)',
};

/** The scorer of this package as a measure. */
export const revela = {
  ...{ kind: 'scoring', facts, page: 'scorer.md', options, looking: {} },
  // 1: it looks beneath noise.
  revision: 1,
  open: async (given) => (await import('./open-revela.js')).openRevela(given, facts),
  loss: async (_, given) => (await import('./revela-loss.js')).revelaLoss(given),
} as const satisfies ScoringMeasure<typeof options>;
