import { isPrimitive, type Tensor } from '../tensor.js';
import { divide, multiply, negate, subtract } from './arithmetic.js';
import { equal, greater, where } from './comparisons.js';
import { type PairOperation, pair, type SingleOperation, single } from './make.js';
import { errorFunction } from './normal-distribution.js';
import { sumTo } from './sum-to.js';

/** eˣ */
export const exp: SingleOperation<'exp'> = single('exp', {
  formula: (x) => Math.exp(x),
  gradient: ({ output, upstream }) => [multiply(upstream, output)],
  cheap: false,
});

/** ln x */
export const log: SingleOperation<'log'> = single('log', {
  formula: (x) => Math.log(x),
  gradient: ({ inputs: [x], upstream }) => [divide(upstream, x)],
  cheap: false,
});

/** √x */
export const sqrt: SingleOperation<'sqrt'> = single('sqrt', {
  formula: (x) => Math.sqrt(x),
  // d√x = 1 / (2√x)
  gradient: ({ output, upstream }) => [divide(multiply(upstream, 0.5), output)],
  cheap: false,
  instruction: 'sqrt',
});

/** Whether a tensor is known to have no zero: a constant, seen through broadcasts. */
function neverZero(tensor: Tensor): boolean {
  if (isPrimitive(tensor, 'broadcast')) return neverZero(tensor.inputs[0]);
  return (
    isPrimitive(tensor, 'constant') && !tensor.attributes.data.some((x: number | bigint) => Number(x) === 0)
  );
}

/** aᵇ for a ≥ 0, broadcast. */
export const power: PairOperation<'power'> = pair('power', {
  formula: (a, b) => a ** b,
  // d(aᵇ) = b·aᵇ⁻¹·da + aᵇ·ln a·db; of a⁰ by a, and of 0ᵇ by b where b ≥ 0, it is 0, and the formula 0·∞.
  gradient: ({ inputs: [a, b], output, upstream }) => {
    const byBase = multiply(b, power(a, subtract(b, 1)));
    const byExponent = multiply(output, log(a));
    return [
      sumTo(multiply(upstream, neverZero(b) ? byBase : where(equal(b, 0), 0, byBase)), a.shape),
      sumTo(
        multiply(
          upstream,
          neverZero(a) ? byExponent : where(equal(a, 0), where(greater(0, b), byExponent, 0), byExponent),
        ),
        b.shape,
      ),
    ];
  },
  cheap: false,
});

/** The error function 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf: SingleOperation<'erf'> = single('erf', {
  formula: (x) => errorFunction(x),
  // d erf(x) = 2/√π · e^(−x²)
  gradient: ({ inputs: [x], upstream }) => [
    multiply(upstream, multiply(exp(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI))),
  ],
  cheap: false,
});

/** Hyperbolic tangent. */
export const tanh: SingleOperation<'tanh'> = single('tanh', {
  formula: (x) => Math.tanh(x),
  // d tanh = 1 − tanh²
  gradient: ({ output, upstream }) => [multiply(upstream, subtract(1, multiply(output, output)))],
  cheap: false,
});

/** 1 / (1 + e⁻ˣ) */
export const sigmoid: SingleOperation<'sigmoid'> = single('sigmoid', {
  formula: (x) => 1 / (1 + Math.exp(-x)),
  // dσ = σ(1 − σ)
  gradient: ({ output, upstream }) => [multiply(upstream, multiply(output, subtract(1, output)))],
  cheap: true,
});
