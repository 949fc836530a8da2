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
