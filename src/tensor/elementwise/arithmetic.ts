import { type PairOperation, pair, type SingleOperation, single } from './make.js';
import { sumTo } from './sum-to.js';

/** −x */
export const negate: SingleOperation<'negate'> = single('negate', {
  formula: (x) => -x,
  gradient: ({ upstream }) => [negate(upstream)],
  cheap: true,
  instruction: 'neg',
});

/** a + b, broadcast. */
export const add: PairOperation<'add'> = pair('add', {
  formula: (a, b) => a + b,
  gradient: ({ inputs: [a, b], upstream }) => [sumTo(upstream, a.shape), sumTo(upstream, b.shape)],
  cheap: true,
  instruction: 'add',
  neutral: [0, 0],
});

/** a − b, broadcast. */
export const subtract: PairOperation<'subtract'> = pair('subtract', {
  formula: (a, b) => a - b,
  gradient: ({ inputs: [a, b], upstream }) => [sumTo(upstream, a.shape), negate(sumTo(upstream, b.shape))],
  cheap: true,
  instruction: 'sub',
  neutral: [undefined, 0],
});

/** a · b element by element, broadcast. */
export const multiply: PairOperation<'multiply'> = pair('multiply', {
  formula: (a, b) => a * b,
  // Of a square 2a: where the upstream gradient is one number for many, doubling that one costs least.
  gradient: ({ inputs: [a, b], upstream }) =>
    a === b
      ? [multiply(multiply(upstream, 2), a), undefined]
      : [sumTo(multiply(upstream, b), a.shape), sumTo(multiply(upstream, a), b.shape)],
  cheap: true,
  instruction: 'mul',
  neutral: [1, 1],
});

/** a / b, broadcast. */
export const divide: PairOperation<'divide'> = pair('divide', {
  formula: (a, b) => a / b,
  // d(a/b) = da/b − (a/b)·db/b
  gradient: ({ inputs: [a, b], output, upstream }) => [
    sumTo(divide(upstream, b), a.shape),
    negate(sumTo(multiply(upstream, divide(output, b)), b.shape)),
  ],
  cheap: true,
  instruction: 'div',
  neutral: [undefined, 1],
});
