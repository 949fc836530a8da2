import type { TensorValue } from '../tensor/index.js';
import type { Tensors } from './mean-in-order.js';

/** How far a round moves what is learnt, of what its members found in their local steps. */
export interface OuterOptions {
  /** With 1 and no momentum, to the mean of the members' weights. */
  readonly rate: number;
  /** Nesterov's, from 0 to below 1. */
  readonly momentum: number;
}

/** What is learnt, and what the outer optimiser remembers of former rounds. */
export interface OuterState {
  readonly parameters: Tensors;
  readonly velocity: Tensors;
}

/**
 * DiLoCo's outer step: what the members moved on average counts as a gradient, δ = θ − mean θₘ, and Nesterov's momentum takes it:
 * v ← μv + δ, θ ← θ − η(δ + μv).
 *
 * @param mean the mean of the members' weights after their local steps
 *
 * @example
 * outerStep({ parameters, velocity: {} }, meanInOrder(weights), { rate: 0.7, momentum: 0.9 });
 */
export function outerStep(
  { parameters, velocity }: OuterState,
  mean: Tensors,
  { rate, momentum }: OuterOptions,
): OuterState {
  const moved: Record<string, TensorValue> = {};
  const remembered: Record<string, TensorValue> = {};
  for (const [key, { data, shape }] of Object.entries(parameters)) {
    const before = velocity[key]?.data;
    const found = mean[key]?.data ?? data;
    const v = new Float32Array(data.length);
    const theta = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const now = Number(data[i]);
      const delta = now - Number(found[i]);
      const next = momentum * Number(before?.[i] ?? 0) + delta;
      v[i] = next;
      theta[i] = now - rate * (delta + momentum * next);
    }
    moved[key] = { data: theta, shape, dtype: 'float32' };
    remembered[key] = { data: v, shape, dtype: 'float32' };
  }
  return { parameters: moved, velocity: remembered };
}

/**
 * The moving average of what is learnt, after a round of several steps: a ← dⁿ·a + (1 − dⁿ)·p.
 *
 * @param decay of one step
 */
export function averageAfter(average: Tensors, parameters: Tensors, decay: number, steps: number): Tensors {
  const kept = decay ** steps;
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { data, shape }]) => {
      const before = average[key]?.data ?? data;
      const next = new Float32Array(data.length);
      for (let i = 0; i < data.length; i++) next[i] = kept * Number(before[i]) + (1 - kept) * Number(data[i]);
      return [key, { data: next, shape, dtype: 'float32' }];
    }),
  );
}
