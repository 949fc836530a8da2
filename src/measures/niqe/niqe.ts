import { niqeMeasure } from '../../quality/arithmetic.js';
import type { NiqeModel } from '../../quality/index.js';
import type { ScoringMeasure } from '../measure.js';
import { weightsOption } from '../measure-option.js';

const options = {
  /**
   * `niqe`: the model of good photographs. Default: the package's own, which is not the original's; for scores as they are
   * published give `niqe_pris_params.npz` or `modelparameters.mat`.
   */
  niqeModel: weightsOption<NiqeModel>('readNiqeModel', {
    words: 'the model niqe for published scores',
    value: 'FILE',
    usual: 'the built-in one',
    file: async () => (await import('../../models/index.js')).shippedNiqePath(),
  }),
};

/** NIQE, by a model of good photographs. */
export const niqe = {
  ...{ kind: 'scoring', facts: niqeMeasure, page: 'quality-classical.md', options, looking: {} },
  open: async (given) => (await import('./open-niqe.js')).openNiqe(given.niqeModel),
} as const satisfies ScoringMeasure<typeof options>;
