import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork, createRandom, pairShapes } from '../nn/index.js';
import type { DataSource, Feeds, Objective, Patches } from '../training/index.js';
import type { DenoisingMethod } from './method.js';

/** Joins a self-supervised method and a network. */
export function denoisingObjective(method: DenoisingMethod, network: Network, size: BatchSize): Objective {
  return {
    inputs: { patches: { shape: pairShapes(size, 1).high }, ...method.training.specs(size) },
    loss: (parameters, inputs) => {
      const { patches: noisy, ...drawn } = inputs;
      if (noisy === undefined) throw new RangeError('the patches were not given');
      return method.training.objective((x) => applyNetwork(network, parameters, x), noisy, drawn);
    },
  };
}

/** What its steps are fed: noisy patches, and what the method draws, of the seed and the step. */
export function denoisingData(
  method: DenoisingMethod,
  patches: DataSource<Patches>,
  size: BatchSize,
  seed: number,
): DataSource<Feeds> {
  return {
    async at(step) {
      const { patches: data } = await patches.at(step);
      const drawn = method.training.draw(createRandom(seed, step), size);
      return { patches: { data, shape: pairShapes(size, 1).high, dtype: 'float32' }, ...drawn };
    },
  };
}
