import { SCORER_LEAST_SIDE } from './views.js';

/** The scorer of this package as a measure of quality, for lists and tables. */
export const scorerMeasure = {
  name: 'revela',
  title: "Revela's scorer",
  summary: 'judges by itself, having learnt from damaged pictures alone, never from opinions',
  better: 'higher',
  range: [0, 100],
  needsReference: false,
  smallest: { width: SCORER_LEAST_SIDE, height: SCORER_LEAST_SIDE },
  refuses: 'pictures of one colour',
  needs: [],
  source: 'this program, after the idea of SFD-IQA (CVPR 2025)',
} as const;
