import { brisqueMeasure } from '../../quality/arithmetic.js';
import type { BrisqueModel } from '../../quality/index.js';
import type { ScoringMeasure } from '../measure.js';
import { fileOption, weightsOption } from '../measure-option.js';

const options = {
  /** `brisque`: what it learnt from opinions: `allmodel` of its release, or what was read of both its files. Needed. */
  brisqueModel: weightsOption<BrisqueModel>('readBrisqueModel', {
    words: 'allmodel of its release',
    value: 'FILE',
    usual: 'required',
  }),
  /** `brisque`: how features are scaled: `allrange` of its release. Needed with the file `brisqueModel`. */
  brisqueRange: fileOption({
    words: 'allrange of its release',
    value: 'FILE',
    usual: 'required',
  }),
};

/** BRISQUE, by the model of its authors. */
export const brisque = {
  ...{ kind: 'scoring', facts: brisqueMeasure, page: 'quality-classical.md', options, looking: {} },
  open: async (given) => (await import('./open-brisque.js')).openBrisque(given),
} as const satisfies ScoringMeasure<typeof options>;
