import type { Tensor, TensorRecord, TensorSpec } from '../tensor/index.js';

/** What a training step computes, as the loop sees it: its inputs besides the parameters, and the loss. */
export interface Objective {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  loss(parameters: TensorRecord, inputs: TensorRecord): Tensor;
}

/** Noisy patches: `[batch, channels, patch, patch]`, in [0, 1]. */
export interface Patches {
  readonly patches: Float32Array;
}
