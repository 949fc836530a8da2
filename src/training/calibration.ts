import type { TensorValue } from '../tensor/index.js';

/** How the gradients of a game's opponents at what the generator made are measured one by one, and set in proportion. */
export interface Calibration {
  /** Steps between two measurements, the first of which is in step 1; 0 for none. */
  readonly every: number;
  /**
   * Sets the opponents' weights once, after a step, so that the gradient of each has this share of the reference's norm on
   * average over the {@link BALANCED_STEPS} steps until then.
   */
  readonly balance?: { readonly share: number; readonly step: number };
}

/** Over how many steps is measured what weights are set by. */
export const BALANCED_STEPS = 16;

/** The weights of a game's opponents as they are now, and what they are set by. */
export interface Scales {
  readonly weights: Readonly<Record<string, number>>;
  /** Whether every opponent's gradient is to be measured by itself in a step, counted from 1. */
  due(step: number): boolean;
  /**
   * Takes what a step measured.
   *
   * @param own norms of the opponents' gradients, each as if its weight were 1
   * @param reference the norm of the gradient that they are measured by
   * @returns what is worth a record
   */
  take(step: number, own: Readonly<Record<string, number>>, reference: number): Record<string, number>;
  /** What a checkpoint must hold; empty where no weight is ever set. */
  state(): Readonly<Record<string, TensorValue>>;
}

interface Sum {
  weight: number;
  own: number;
  reference: number;
}

/**
 * Makes the scales of a game. Sums and weights are rounded to float32, which is what checkpoints hold: a training that
 * goes on from one has the same numbers.
 *
 * @param stored what `state` gave
 */
export function createScales(
  opponents: Readonly<Record<string, { readonly weight: number }>>,
  { every, balance }: Calibration,
  stored: Readonly<Record<string, TensorValue>> = {},
): Scales {
  const sums = new Map<string, Sum>(
    Object.entries(opponents).map(([name, { weight: first }]) => {
      const [weight = Math.fround(first), own = 0, reference = 0] = Array.from(
        stored[name]?.data ?? [],
        Number,
      );
      return [name, { weight, own, reference }];
    }),
  );
  const balancing = (step: number): boolean =>
    balance !== undefined && step <= balance.step && step > balance.step - BALANCED_STEPS;

  /** A judge that pulls nowhere keeps its weight: there is none that would give it its share. */
  function settle(share: number): void {
    for (const sum of sums.values())
      if (sum.own > 0) sum.weight = Math.fround((share * sum.reference) / sum.own);
  }

  return {
    get weights() {
      return Object.fromEntries([...sums].map(([name, { weight }]) => [name, weight]));
    },
    due: (step) => balancing(step) || (every > 0 && (step - 1) % every === 0),
    take(step, own, reference) {
      const numbers: Record<string, number> = {};
      for (const [name, sum] of sums) {
        const norm = own[name];
        if (norm !== undefined) numbers[`${name}Gradient`] = sum.weight * norm;
        if (balance !== undefined) numbers[`${name}Weight`] = sum.weight;
        if (norm === undefined || !balancing(step)) continue;
        sum.own = Math.fround(sum.own + norm);
        sum.reference = Math.fround(sum.reference + reference);
      }
      if (step === balance?.step) settle(balance.share);
      return numbers;
    },
    state: () =>
      balance === undefined
        ? {}
        : Object.fromEntries(
            [...sums].map(([name, { weight, own, reference }]) => [
              name,
              { data: Float32Array.of(weight, own, reference), shape: [3], dtype: 'float32' },
            ]),
          ),
  };
}
