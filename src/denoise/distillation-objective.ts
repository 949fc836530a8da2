import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork } from '../nn/index.js';
import { createRandom } from '../random.js';
import { slice } from '../tensor/index.js';
import type { Objective, Patches } from '../training/index.js';
import { assignmentSpec, distillationLoss, drawAssignment, recharged } from './distillation.js';

/** What a student learns from. */
export interface Distillation {
  readonly network: Network;
  /** Patches of 3 + 3·K channels: the noisy picture, then the results of the K teachers. */
  readonly patches: Patches;
  readonly size: BatchSize;
  /** K. */
  readonly teachers: number;
  /** Whether noisy pixels stand in the targets, see `recharged`. */
  readonly recharge: boolean;
  readonly seed: number;
}

/** Joins a student, its teachers' results and the noisy pictures that they belong to. */
export function distillationObjective(distillation: Distillation): Objective {
  const { network, patches, size, teachers, recharge, seed } = distillation;
  const shape = [size.batch, 3 + 3 * teachers, size.patch, size.patch];
  return {
    inputs: { patches: { shape }, ...(recharge ? { assignment: assignmentSpec(size) } : {}) },
    loss: (parameters, { patches: together, assignment }) => {
      if (together === undefined) throw new RangeError('the patches were not given');
      const [noisy = together, ...results] = Array.from({ length: 1 + teachers }, (_, k) =>
        slice(together, { axis: 1, start: 3 * k, length: 3 }),
      );
      const targets = assignment === undefined ? results : recharged(results, noisy, assignment);
      return distillationLoss(applyNetwork(network, parameters, noisy), targets);
    },
    feeds: async (step) => {
      const batch = await patches.next();
      if (batch.step !== step)
        throw new RangeError(`expected the patches of step ${step}, got those of ${batch.step}`);
      const cut = { patches: { data: batch.patches, shape, dtype: 'float32' } } as const;
      if (!recharge) return cut;
      return { ...cut, assignment: drawAssignment(createRandom(seed, step), size, teachers) };
    },
  };
}
