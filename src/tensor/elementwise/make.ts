import { type Operand, scalar } from '../operations/source.js';
import type { PrimitiveName } from '../primitives.js';
import { broadcastShapes } from '../shape.js';
import type { DType, Tensor } from '../tensor.js';
import type { Declaration, Declared, Pair, PairRules, Single, SingleRules } from './declaration.js';

/** An operation on each number of a tensor, and its declaration as a primitive. */
export interface SingleOperation<Name extends string> extends Declared<Name, Single> {
  (x: Tensor): Tensor;
}

/** An operation on the numbers of two tensors, stretched against each other, and its declaration as a primitive. */
export interface PairOperation<Name extends string> extends Declared<Name, Pair> {
  (a: Operand, b: Operand): Tensor;
}

/** The declaration of a primitive of one operand. */
export function ofOne<Attributes extends object = object>({
  formula,
  ...rules
}: SingleRules<Attributes>): Declaration<Single, Attributes> {
  return { ...rules, evaluate: ([x = Number.NaN], attributes) => formula(x, attributes) };
}

/** Declares a primitive of one operand whose result has the operand's shape and type. */
export function single<Name extends PrimitiveName>(
  primitive: Name,
  rules: SingleRules,
): SingleOperation<Name> {
  const operation = (x: Tensor): Tensor => ({
    primitive,
    inputs: [x],
    attributes: {},
    shape: x.shape,
    dtype: x.dtype,
  });
  return Object.assign(operation, { primitive, declaration: ofOne(rules) });
}

/** Both operands as tensors of one type, which numbers take from the other. */
export function operands(operation: string, a: Operand, b: Operand): readonly [Tensor, Tensor] {
  const dtype: DType = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
  const left = typeof a === 'number' ? scalar(a, dtype) : a;
  const right = typeof b === 'number' ? scalar(b, dtype) : b;
  if (left.dtype !== right.dtype)
    throw new TypeError(`${operation}: operands are ${left.dtype} and ${right.dtype}; cast one of them`);
  return [left, right];
}

/**
 * Declares a primitive of two operands of one type.
 *
 * @param result the type of its result; that of the operands by default
 */
export function pair<Name extends PrimitiveName>(
  primitive: Name,
  { formula, ...rules }: PairRules,
  result?: DType,
): PairOperation<Name> {
  const operation = (a: Operand, b: Operand): Tensor => {
    const [left, right] = operands(primitive, a, b);
    return {
      primitive,
      inputs: [left, right],
      attributes: {},
      shape: broadcastShapes(left.shape, right.shape, primitive),
      dtype: result ?? left.dtype,
    };
  };
  const declaration: Declaration<Pair, object> = {
    ...rules,
    evaluate: ([a = Number.NaN, b = Number.NaN]) => formula(a, b),
  };
  return Object.assign(operation, { primitive, declaration });
}
