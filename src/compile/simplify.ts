import type { Neutral, Program, Tensor } from '../tensor/index.js';
import {
  declarationOf,
  evaluate,
  isElementwise,
  isElementwiseName,
  isPrimitive,
  rebuiltWith,
  sameShape,
  scalar,
  topologicalOrder,
} from '../tensor/index.js';

/** The number a scalar float constant holds, seen through broadcasts; undefined for anything else. */
function scalarValue(tensor: Tensor | undefined): number | undefined {
  if (tensor === undefined) return undefined;
  if (isPrimitive(tensor, 'broadcast')) return scalarValue(tensor.inputs[0]);
  if (!isPrimitive(tensor, 'constant') || tensor.dtype !== 'float32' || tensor.attributes.data.length !== 1)
    return undefined;
  return Number(tensor.attributes.data[0]);
}

/** What leaves an operand as it is, of arithmetic; undefined for all else. */
const neutralOf = ({ primitive }: Tensor): Neutral | undefined =>
  isElementwiseName(primitive) ? declarationOf(primitive).neutral : undefined;

/** x when the operation leaves its first or second operand as it is: x·1, 1·x, x/1, x+0, 0+x, x−0. */
function neutral(
  tensor: Tensor,
  [forRight, forLeft]: Neutral,
  [a, b]: readonly [number | undefined, number | undefined],
): Tensor | undefined {
  const [left, right] = tensor.inputs;
  if (left === undefined || right === undefined) return undefined;
  if (b !== undefined && b === forLeft && sameShape(left.shape, tensor.shape)) return left;
  return a !== undefined && a === forRight && sameShape(right.shape, tensor.shape) ? right : undefined;
}

/** f(broadcast(x), number) = broadcast(f(x, number)): arithmetic on the few in place of the many. */
function beforeBroadcast(tensor: Tensor, a: number | undefined, b: number | undefined): Tensor | undefined {
  const [left, right] = tensor.inputs;
  if (left === undefined || right === undefined) return undefined;
  const stretched = b === undefined ? right : left;
  if (!isPrimitive(stretched, 'broadcast') || !sameShape(stretched.shape, tensor.shape)) return undefined;
  const [few] = stretched.inputs;
  if (b !== undefined)
    return { ...stretched, inputs: [{ ...tensor, shape: few.shape, inputs: [few, scalar(b)] }] };
  if (a === undefined) return undefined;
  return { ...stretched, inputs: [{ ...tensor, shape: few.shape, inputs: [scalar(a), few] }] };
}

/** One local rewrite; the tensor itself where none applies. */
function rewrite(tensor: Tensor): Tensor {
  if (isPrimitive(tensor, 'stopGradient')) return tensor.inputs[0];
  const neutrals = neutralOf(tensor);
  if (neutrals === undefined || !isElementwise(tensor) || tensor.dtype !== 'float32') return tensor;
  const [a, b] = [scalarValue(tensor.inputs[0]), scalarValue(tensor.inputs[1])];
  if (a !== undefined && b !== undefined && tensor.shape.length === 0)
    return scalar(evaluate(tensor, [a, b]));
  return neutral(tensor, neutrals, [a, b]) ?? beforeBroadcast(tensor, a, b) ?? tensor;
}

/** Operands of element-wise primitives stretch by themselves: drops broadcasts whose effect the result's shape keeps. */
function withoutBroadcasts(tensor: Tensor): readonly Tensor[] {
  if (!isElementwise(tensor) || tensor.inputs.length < 2) return tensor.inputs;
  const operands = [...tensor.inputs];
  // One after the other: where all operands are broadcasts, the last of the result's shape has to stay.
  for (const [index, operand] of tensor.inputs.entries()) {
    const kept = operands.some((other, i) => i !== index && sameShape(other.shape, tensor.shape));
    if (kept && isPrimitive(operand, 'broadcast')) operands[index] = operand.inputs[0];
  }
  return operands;
}

/** Same primitive, attributes and inputs: the same value. */
function identity(tensor: Tensor, ids: Map<object, number>): string {
  const id = (object: object): number => {
    const known = ids.get(object) ?? ids.size;
    ids.set(object, known);
    return known;
  };
  if (isPrimitive(tensor, 'input')) return `input ${tensor.attributes.name}`;
  const attributes = isPrimitive(tensor, 'constant')
    ? tensor.attributes.data.length <= 16
      ? `${tensor.dtype} ${Array.from(tensor.attributes.data, (x: number | bigint) => (Object.is(x, -0) ? '-0' : String(x))).join()}`
      : String(id(tensor.attributes.data))
    : JSON.stringify(tensor.attributes);
  return `${tensor.primitive} ${attributes} ${tensor.inputs.map(id).join()} → ${tensor.dtype} ${tensor.shape.join()}`;
}

/**
 * The same program with fewer nodes: dead code, common subexpressions, scalar arithmetic, neutral operands and
 * redundant broadcasts are gone.
 */
export function simplify(program: Program): Program {
  const replacements = new Map<Tensor, Tensor>();
  const unique = new Map<string, Tensor>();
  const ids = new Map<object, number>();
  const replaced = (tensor: Tensor): Tensor => replacements.get(tensor) ?? tensor;
  for (const tensor of topologicalOrder(Object.values(program.outputs))) {
    const fresh = rebuiltWith(tensor, tensor.inputs.map(replaced));
    const simpler = rewrite(rebuiltWith(fresh, withoutBroadcasts(fresh)));
    const key = identity(simpler, ids);
    const representative = unique.get(key) ?? simpler;
    unique.set(key, representative);
    replacements.set(tensor, representative);
  }
  const outputs = Object.fromEntries(
    Object.entries(program.outputs).map(([name, tensor]) => [name, replaced(tensor)]),
  );
  const live = new Set(topologicalOrder(Object.values(outputs)));
  return { inputs: program.inputs.map(replaced).filter((input) => live.has(input)), outputs };
}
