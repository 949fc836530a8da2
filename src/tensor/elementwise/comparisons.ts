import type { Operand } from '../operations/source.js';
import { broadcastShapes } from '../shape.js';
import type { DType, Tensor } from '../tensor.js';
import { add, multiply } from './arithmetic.js';
import type { Choice, Declaration, Declared, Single } from './declaration.js';
import { ofOne, operands, type PairOperation, pair, type SingleOperation, single } from './make.js';
import { sumTo } from './sum-to.js';

/** −1, 0 or 1 */
export const sign: SingleOperation<'sign'> = single('sign', {
  formula: (x) => Math.sign(x),
  gradient: () => [undefined],
  cheap: false,
});

/** |x|; its derivative at 0 is 0. */
export const absolute: SingleOperation<'absolute'> = single('absolute', {
  formula: (x) => Math.abs(x),
  gradient: ({ inputs: [x], upstream }) => [multiply(upstream, sign(x))],
  cheap: true,
  instruction: 'abs',
});

/** The operation {@link cast}, and its declaration as a primitive. */
export interface Cast extends Declared<'cast', Single, { readonly to: DType }> {
  (x: Tensor, to: DType): Tensor;
}

function castTo(x: Tensor, to: DType): Tensor {
  return x.dtype === to
    ? x
    : { primitive: 'cast', inputs: [x], attributes: { to }, shape: x.shape, dtype: to };
}

/** x as another element type. */
export const cast: Cast = Object.assign(castTo, {
  primitive: 'cast' as const,
  declaration: ofOne<{ readonly to: DType }>({
    formula: (x, { to }) => (to === 'float32' ? x : to === 'bool' ? Number(x !== 0) : Math.trunc(x)),
    gradient: ({ inputs: [x], upstream }) => [x.dtype === 'float32' ? cast(upstream, 'float32') : undefined],
    cheap: false,
  }),
});

/** True where a = b, broadcast. */
export const equal: PairOperation<'equal'> = pair(
  'equal',
  { formula: (a, b) => Number(a === b), gradient: () => [undefined, undefined], cheap: false },
  'bool',
);

/** True where a > b, broadcast. */
export const greater: PairOperation<'greater'> = pair(
  'greater',
  { formula: (a, b) => Number(a > b), gradient: () => [undefined, undefined], cheap: false },
  'bool',
);

/** 1 where a wins, ½ where both are equal. */
const share = (a: Tensor, b: Tensor): Tensor =>
  add(cast(greater(a, b), 'float32'), multiply(cast(equal(a, b), 'float32'), 0.5));

/** The larger of both, broadcast; where they are equal each gets half of the gradient. */
export const maximum: PairOperation<'maximum'> = pair('maximum', {
  formula: (a, b) => Math.max(a, b),
  gradient: ({ inputs: [a, b], upstream }) => [
    sumTo(multiply(upstream, share(a, b)), a.shape),
    sumTo(multiply(upstream, share(b, a)), b.shape),
  ],
  cheap: true,
  instruction: 'max',
});

/** The smaller of both, broadcast; where they are equal each gets half of the gradient. */
export const minimum: PairOperation<'minimum'> = pair('minimum', {
  formula: (a, b) => Math.min(a, b),
  gradient: ({ inputs: [a, b], upstream }) => [
    sumTo(multiply(upstream, share(b, a)), a.shape),
    sumTo(multiply(upstream, share(a, b)), b.shape),
  ],
  cheap: true,
  instruction: 'min',
});

/** The operation {@link where}, and its declaration as a primitive. */
export interface Where extends Declared<'where', Choice> {
  (condition: Tensor, a: Operand, b: Operand): Tensor;
}

function choose(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool')
    throw new TypeError(`where: the condition must be bool, got ${condition.dtype}`);
  const [left, right] = operands('where', a, b);
  const shape = broadcastShapes(condition.shape, broadcastShapes(left.shape, right.shape, 'where'), 'where');
  return { primitive: 'where', inputs: [condition, left, right], attributes: {}, shape, dtype: left.dtype };
}

const choice: Declaration<Choice, object> = {
  evaluate: ([condition, a = Number.NaN, b = Number.NaN]) => (condition === 0 ? b : a),
  gradient: ({ inputs: [condition, a, b], upstream }) => [
    undefined,
    sumTo(where(condition, upstream, 0), a.shape),
    sumTo(where(condition, 0, upstream), b.shape),
  ],
  cheap: true,
};

/** a where `condition` holds, else b, broadcast. */
export const where: Where = Object.assign(choose, { primitive: 'where' as const, declaration: choice });
