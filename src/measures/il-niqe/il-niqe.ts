import { ilNiqeMeasure } from '../../quality/arithmetic.js';
import type { IlNiqeModel } from '../../quality/index.js';
import type { ScoringMeasure } from '../measure.js';
import { weightsOption } from '../measure-option.js';

const options = {
  /** `il-niqe`: the model of good photographs, such as `templateModel.mat`; default: the model il-niqe of the store. */
  ilNiqeModel: weightsOption<IlNiqeModel>('readIlNiqeModel', {
    words: 'a model of good photographs',
    value: 'FILE',
    usual: 'the model il-niqe',
    file: async () => 'il-niqe',
  }),
};

/** IL-NIQE, by a model of good photographs. */
export const ilNiqe = {
  ...{ kind: 'scoring', facts: ilNiqeMeasure, page: 'quality-classical.md', options, looking: {} },
  open: async (given) => (await import('./open-il-niqe.js')).openIlNiqe(given.ilNiqeModel),
} as const satisfies ScoringMeasure<typeof options>;
