import type { Tensor } from '../tensor.js';
import { multiply, subtract } from './arithmetic.js';
import type { Declared, Single } from './declaration.js';
import { exp } from './functions.js';
import { ofOne, type SingleOperation, single } from './make.js';
import { normalDensity, normalDistribution } from './normal-distribution.js';

/** 1 where x > 0, else 0: the derivative of {@link relu} where it has one. */
export const step: SingleOperation<'step'> = single('step', {
  formula: (x) => (x > 0 ? 1 : 0),
  gradient: () => [undefined],
  cheap: true,
});

/** max(x, 0); its derivative at 0 is 0. */
export const relu: SingleOperation<'relu'> = single('relu', {
  formula: (x) => Math.max(x, 0),
  gradient: ({ output, upstream }) => [multiply(upstream, step(output))],
  cheap: true,
});

/** The derivative of {@link gelu}: Φ(x) + x·φ(x), φ the normal density. */
export const geluSlope: SingleOperation<'geluSlope'> = single('geluSlope', {
  formula: (x) => normalDistribution(x) + x * normalDensity(x),
  // d(Φ + x·φ) = (2 − x²)·φ, φ = e^(−x²/2) / √2π
  gradient: ({ inputs: [x], upstream }) => {
    const squared = multiply(x, x);
    const density = multiply(exp(multiply(squared, -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [multiply(upstream, multiply(subtract(2, squared), density))];
  },
  cheap: false,
});

/** x·Φ(x) with the exact normal distribution function, not its tanh approximation. */
export const gelu: SingleOperation<'gelu'> = single('gelu', {
  formula: (x) => x * normalDistribution(x),
  gradient: ({ inputs: [x], upstream }) => [multiply(upstream, geluSlope(x))],
  cheap: true,
});

/** An operation with a slope between 0 and 1, and its declaration as a primitive. */
export interface SlopeOperation<Name extends string>
  extends Declared<Name, Single, { readonly slope: number }> {
  (x: Tensor, slope: number): Tensor;
}

function checkSlope(operation: string, slope: number): void {
  if (!(slope > 0 && slope < 1))
    throw new RangeError(`${operation}: the slope must lie between 0 and 1, got ${slope}`);
}

function stepOfSlope(x: Tensor, slope: number): Tensor {
  checkSlope('leakyStep', slope);
  return { primitive: 'leakyStep', inputs: [x], attributes: { slope }, shape: x.shape, dtype: x.dtype };
}

/** 1 where x > 0, else `slope`, the derivative of {@link leakyRelu} where it has one; 0 < slope < 1. */
export const leakyStep: SlopeOperation<'leakyStep'> = Object.assign(stepOfSlope, {
  primitive: 'leakyStep' as const,
  declaration: ofOne<{ readonly slope: number }>({
    formula: (x, { slope }) => (x > 0 ? 1 : slope),
    gradient: () => [undefined],
    cheap: true,
  }),
});

function reluOfSlope(x: Tensor, slope: number): Tensor {
  checkSlope('leakyRelu', slope);
  return { primitive: 'leakyRelu', inputs: [x], attributes: { slope }, shape: x.shape, dtype: x.dtype };
}

/** x for x > 0, `slope`·x otherwise; 0 < slope < 1, which is also its derivative at 0. */
export const leakyRelu: SlopeOperation<'leakyRelu'> = Object.assign(reluOfSlope, {
  primitive: 'leakyRelu' as const,
  declaration: ofOne<{ readonly slope: number }>({
    formula: (x, { slope }) => (x > 0 ? x : slope * x),
    // The output has the sign of x.
    gradient: ({ output, attributes: { slope }, upstream }) => [multiply(upstream, leakyStep(output, slope))],
    cheap: true,
  }),
});
