import type { DenoisingMethod } from '../denoise/index.js';
import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork, createRandom } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';

/**
 * What a training step computes, as the loop sees it: which inputs it is fed besides the parameters, where they
 * come from, and the loss. The loop knows nothing else of a method.
 */
export interface Objective {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  loss(parameters: TensorRecord, inputs: TensorRecord): Tensor;
  /** The inputs of step `step`, counted from 0: a pure function of the seed and the step. */
  feeds(step: number): Promise<Readonly<Record<string, TensorValue>>>;
}

/** Where a step's patches come from: `[batch, 3, patch, patch]`, `[0, 1]`, in the order of the steps. */
export interface Patches {
  next(): Promise<{ readonly step: number; readonly patches: Float32Array }>;
}

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
