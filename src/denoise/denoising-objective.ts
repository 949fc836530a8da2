import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork, createRandom } from '../nn/index.js';
import type { Objective, Patches } from '../training/index.js';
import type { DenoisingMethod } from './method.js';

/** Joins a self-supervised method, a network and a source of noisy patches. */
export function denoisingObjective(
  method: DenoisingMethod,
  network: Network,
  patches: Patches,
  size: BatchSize,
  seed: number,
): Objective {
  const shape = [size.batch, 3, size.patch, size.patch];
  const draws = method.training.specs(size);
  return {
    inputs: { patches: { shape }, ...draws },
    loss: (parameters, inputs) => {
      const { patches: noisy, ...drawn } = inputs;
      if (noisy === undefined) throw new RangeError('the patches were not given');
      return method.training.objective((x) => applyNetwork(network, parameters, x), noisy, drawn);
    },
    feeds: async (step) => {
      const batch = await patches.next();
      if (batch.step !== step)
        throw new RangeError(`expected the patches of step ${step}, got those of ${batch.step}`);
      const drawn = method.training.draw(createRandom(seed, step), size);
      return { patches: { data: batch.patches, shape, dtype: 'float32' }, ...drawn };
    },
  };
}
