import type { Tensor, TensorRecord } from '../tensor/index.js';
import { add, divide, multiply, power, sqrt, subtract } from '../tensor/index.js';

/** What changes from step to step, as scalars: the learning rate, the step count from 1, and a factor on the gradient. */
export interface UpdateScalars {
  readonly learningRate: Tensor;
  readonly step: Tensor;
  /** Multiplies the gradient: 1, or less where it is clipped or is the mean of several. */
  readonly gradientScale: Tensor;
}

/**
 * An optimiser as an element-by-element tensor program: new values of a parameter and of the `slots`
 * it remembers (which start at 0) from the gradient.
 */
export interface Optimiser {
  readonly name: string;
  readonly slots: readonly string[];
  update(
    parameter: Tensor,
    gradient: Tensor,
    slots: TensorRecord,
    scalars: UpdateScalars,
  ): {
    readonly parameter: Tensor;
    readonly slots: TensorRecord;
  };
}

/** Hyper-parameters of {@link adam}, with PyTorch's defaults. */
export interface AdamOptions {
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  /** Added to the gradient as `weightDecay · parameter`. */
  readonly weightDecay?: number;
}

function slot(slots: TensorRecord, name: string): Tensor {
  const tensor = slots[name];
  if (tensor === undefined) throw new RangeError(`the optimiser's slot ${name} is missing`);
  return tensor;
}

/**
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← p − η · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
 */
function adamStep(
  parameter: Tensor,
  gradient: Tensor,
  slots: TensorRecord,
  scalars: UpdateScalars,
  options: AdamOptions,
) {
  const { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8 } = options;
  const m = add(multiply(slot(slots, 'm'), beta1), multiply(gradient, 1 - beta1));
  const v = add(multiply(slot(slots, 'v'), beta2), multiply(multiply(gradient, gradient), 1 - beta2));
  const correction1 = subtract(1, power(beta1, scalars.step));
  const correction2 = subtract(1, power(beta2, scalars.step));
  const size = divide(scalars.learningRate, correction1);
  const denominator = add(multiply(sqrt(v), divide(1, sqrt(correction2))), epsilon);
  return { parameter: subtract(parameter, divide(multiply(m, size), denominator)), slots: { m, v } };
}

/**
 * Adam (Kingma and Ba 2015).
 *
 * @example
 * adam({ betas: [0.9, 0.99] });
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { weightDecay = 0 } = options;
  return {
    name: 'adam',
    slots: ['m', 'v'],
    update: (parameter, gradient, slots, scalars) => {
      const scaled = multiply(gradient, scalars.gradientScale);
      const decayed = weightDecay === 0 ? scaled : add(scaled, multiply(parameter, weightDecay));
      return adamStep(parameter, decayed, slots, scalars, options);
    },
  };
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019): p ← p − η·λ·p first. Default λ is 0.01, as PyTorch's. */
export function adamW(options: AdamOptions = {}): Optimiser {
  const { weightDecay = 0.01 } = options;
  return {
    name: 'adamw',
    slots: ['m', 'v'],
    update: (parameter, gradient, slots, scalars) => {
      const shrunk = multiply(parameter, subtract(1, multiply(scalars.learningRate, weightDecay)));
      return adamStep(shrunk, multiply(gradient, scalars.gradientScale), slots, scalars, options);
    },
  };
}

/** Stochastic gradient descent with momentum: v ← μv + g, p ← p − η·v. */
export function sgd(options: { readonly momentum?: number; readonly weightDecay?: number } = {}): Optimiser {
  const { momentum = 0, weightDecay = 0 } = options;
  return {
    name: 'sgd',
    slots: momentum === 0 ? [] : ['velocity'],
    update: (parameter, gradient, slots, scalars) => {
      const scaled = multiply(gradient, scalars.gradientScale);
      const decayed = weightDecay === 0 ? scaled : add(scaled, multiply(parameter, weightDecay));
      const velocity = momentum === 0 ? decayed : add(multiply(slot(slots, 'velocity'), momentum), decayed);
      const moved = subtract(parameter, multiply(velocity, scalars.learningRate));
      return { parameter: moved, slots: momentum === 0 ? {} : { velocity } };
    },
  };
}

/** Exponential moving average: a ← d·a + (1−d)·p. `decay` may grow with the step. */
export function movingAverage(average: Tensor, parameter: Tensor, decay: Tensor): Tensor {
  return add(average, multiply(subtract(parameter, average), subtract(1, decay)));
}
