import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork, createRandom } from '../nn/index.js';
import { slice } from '../tensor/index.js';
import type { DataSource, Feeds, Objective, Patches } from '../training/index.js';
import { assignmentSpec, distillationLoss, drawAssignment, recharged } from './distillation.js';

/** What a student learns. */
export interface Distillation {
  readonly size: BatchSize;
  /** K: patches have 3 + 3·K channels, the noisy picture, then the results of the K teachers. */
  readonly teachers: number;
  /** Whether noisy pixels stand in the targets, see `recharged`. */
  readonly recharge: boolean;
}

const shapeOf = ({ size: { batch, patch }, teachers }: Distillation) => [
  batch,
  3 + 3 * teachers,
  patch,
  patch,
];

/** Joins a student and its teachers' results. */
export function distillationObjective(network: Network, distillation: Distillation): Objective {
  const { size, teachers, recharge } = distillation;
  return {
    inputs: {
      patches: { shape: shapeOf(distillation) },
      ...(recharge ? { assignment: assignmentSpec(size) } : {}),
    },
    loss: (parameters, { patches: together, assignment }) => {
      if (together === undefined) throw new RangeError('the patches were not given');
      const [noisy = together, ...results] = Array.from({ length: 1 + teachers }, (_, k) =>
        slice(together, { axis: 1, start: 3 * k, length: 3 }),
      );
      const targets = assignment === undefined ? results : recharged(results, noisy, assignment);
      return distillationLoss(applyNetwork(network, parameters, noisy), targets);
    },
  };
}

/** What its steps are fed: patches, and which pixels are recharged, drawn of the seed and the step. */
export function distillationData(
  patches: DataSource<Patches>,
  distillation: Distillation,
  seed: number,
): DataSource<Feeds> {
  const { size, teachers, recharge } = distillation;
  return {
    async at(step) {
      const { patches: data } = await patches.at(step);
      const cut = { patches: { data, shape: shapeOf(distillation), dtype: 'float32' } } as const;
      if (!recharge) return cut;
      return { ...cut, assignment: drawAssignment(createRandom(seed, step), size, teachers) };
    },
  };
}
