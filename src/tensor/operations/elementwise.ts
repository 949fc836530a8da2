import { broadcastShapes } from '../shape.js';
import type { DType, Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';
import type { Operand } from './source.js';
import { scalar } from './source.js';

type UnaryName =
  | 'negate'
  | 'absolute'
  | 'sign'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'erf'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'step'
  | 'gelu'
  | 'geluSlope';
type ArithmeticName = 'add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'maximum' | 'minimum';

function unary(primitive: UnaryName, x: Tensor): Tensor {
  return createTensor(primitive, [x], {}, x.shape, x.dtype);
}

function operands(operation: string, a: Operand, b: Operand): readonly [Tensor, Tensor] {
  const dtype: DType = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
  const left = typeof a === 'number' ? scalar(a, dtype) : a;
  const right = typeof b === 'number' ? scalar(b, dtype) : b;
  if (left.dtype !== right.dtype)
    throw new TypeError(`${operation}: operands are ${left.dtype} and ${right.dtype}; cast one of them`);
  return [left, right];
}

function arithmetic(primitive: ArithmeticName, a: Operand, b: Operand): Tensor {
  const [left, right] = operands(primitive, a, b);
  const shape = broadcastShapes(left.shape, right.shape, primitive);
  return createTensor(primitive, [left, right], {}, shape, left.dtype);
}

function comparison(primitive: 'equal' | 'greater', a: Operand, b: Operand): Tensor {
  const [left, right] = operands(primitive, a, b);
  return createTensor(
    primitive,
    [left, right],
    {},
    broadcastShapes(left.shape, right.shape, primitive),
    'bool',
  );
}

/** −x */
export const negate = (x: Tensor): Tensor => unary('negate', x);
/** |x|; its derivative at 0 is 0. */
export const absolute = (x: Tensor): Tensor => unary('absolute', x);
/** −1, 0 or 1 */
export const sign = (x: Tensor): Tensor => unary('sign', x);
/** eˣ */
export const exp = (x: Tensor): Tensor => unary('exp', x);
/** ln x */
export const log = (x: Tensor): Tensor => unary('log', x);
/** √x */
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x);
/** The error function 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf = (x: Tensor): Tensor => unary('erf', x);
/** Hyperbolic tangent. */
export const tanh = (x: Tensor): Tensor => unary('tanh', x);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
/** max(x, 0); its derivative at 0 is 0. */
export const relu = (x: Tensor): Tensor => unary('relu', x);
/** 1 where x > 0, else 0. */
export const step = (x: Tensor): Tensor => unary('step', x);
/** x·Φ(x) with the exact normal distribution function, not its tanh approximation. */
export const gelu = (x: Tensor): Tensor => unary('gelu', x);
/** The derivative of {@link gelu}: Φ(x) + x·φ(x), φ the normal density. */
export const geluSlope = (x: Tensor): Tensor => unary('geluSlope', x);

function checkSlope(operation: string, slope: number): void {
  if (!(slope > 0 && slope < 1))
    throw new RangeError(`${operation}: the slope must lie between 0 and 1, got ${slope}`);
}

/** x for x > 0, `slope`·x otherwise; 0 < slope < 1, which is also its derivative at 0. */
export function leakyRelu(x: Tensor, slope: number): Tensor {
  checkSlope('leakyRelu', slope);
  return createTensor('leakyRelu', [x], { slope }, x.shape, x.dtype);
}

/** 1 where x > 0, else `slope`; 0 < slope < 1. */
export function leakyStep(x: Tensor, slope: number): Tensor {
  checkSlope('leakyStep', slope);
  return createTensor('leakyStep', [x], { slope }, x.shape, x.dtype);
}

/** a + b, broadcast. */
export const add = (a: Operand, b: Operand): Tensor => arithmetic('add', a, b);
/** a − b, broadcast. */
export const subtract = (a: Operand, b: Operand): Tensor => arithmetic('subtract', a, b);
/** a · b element by element, broadcast. */
export const multiply = (a: Operand, b: Operand): Tensor => arithmetic('multiply', a, b);
/** a / b, broadcast. */
export const divide = (a: Operand, b: Operand): Tensor => arithmetic('divide', a, b);
/** aᵇ for a ≥ 0, broadcast. */
export const power = (a: Operand, b: Operand): Tensor => arithmetic('power', a, b);
/** The larger of both, broadcast; where they are equal each gets half of the gradient. */
export const maximum = (a: Operand, b: Operand): Tensor => arithmetic('maximum', a, b);
/** The smaller of both, broadcast; where they are equal each gets half of the gradient. */
export const minimum = (a: Operand, b: Operand): Tensor => arithmetic('minimum', a, b);
/** True where a = b, broadcast. */
export const equal = (a: Operand, b: Operand): Tensor => comparison('equal', a, b);
/** True where a > b, broadcast. */
export const greater = (a: Operand, b: Operand): Tensor => comparison('greater', a, b);

/** x as another element type. */
export function cast(x: Tensor, to: DType): Tensor {
  return x.dtype === to ? x : createTensor('cast', [x], { to }, x.shape, to);
}

/** a where `condition` holds, else b, broadcast. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool')
    throw new TypeError(`where: the condition must be bool, got ${condition.dtype}`);
  const [left, right] = operands('where', a, b);
  const shape = broadcastShapes(condition.shape, broadcastShapes(left.shape, right.shape, 'where'), 'where');
  return createTensor('where', [condition, left, right], {}, shape, left.dtype);
}
