import type { PrimitiveName, Program, Tensor } from '../tensor/index.js';
import { isPrimitive, rebuiltWith, sameShape, scalar, topologicalOrder } from '../tensor/index.js';

/** The number a scalar float constant holds, seen through broadcasts; undefined for anything else. */
function scalarValue(tensor: Tensor | undefined): number | undefined {
  if (tensor === undefined) return undefined;
  if (isPrimitive(tensor, 'broadcast')) return scalarValue(tensor.inputs[0]);
  if (!isPrimitive(tensor, 'constant') || tensor.dtype !== 'float32' || tensor.attributes.data.length !== 1)
    return undefined;
  return Number(tensor.attributes.data[0]);
}

const broadcasting: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'equal',
  'greater',
  'where',
]);

function foldArithmetic(primitive: PrimitiveName, a: number, b: number): number | undefined {
  switch (primitive) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    default:
      return undefined;
  }
}

/** x when the operation leaves its first or second operand as it is: x·1, 1·x, x/1, x+0, 0+x, x−0. */
function neutral(tensor: Tensor, a: number | undefined, b: number | undefined): Tensor | undefined {
  const [left, right] = tensor.inputs;
  if (left === undefined || right === undefined) return undefined;
  const { primitive, shape } = tensor;
  if (b === (primitive === 'multiply' || primitive === 'divide' ? 1 : 0) && sameShape(left.shape, shape))
    return left;
  if (primitive !== 'multiply' && primitive !== 'add') return undefined;
  return a === (primitive === 'multiply' ? 1 : 0) && sameShape(right.shape, shape) ? right : undefined;
}

const arithmetic: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  'add',
  'subtract',
  'multiply',
  'divide',
]);

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
  if (!arithmetic.has(tensor.primitive) || tensor.dtype !== 'float32') return tensor;
  const [a, b] = [scalarValue(tensor.inputs[0]), scalarValue(tensor.inputs[1])];
  if (a !== undefined && b !== undefined && tensor.shape.length === 0) {
    const folded = foldArithmetic(tensor.primitive, a, b);
    if (folded !== undefined) return scalar(folded);
  }
  return neutral(tensor, a, b) ?? beforeBroadcast(tensor, a, b) ?? tensor;
}

/** Operands of element-wise primitives stretch by themselves: drops broadcasts whose effect the result's shape keeps. */
function withoutBroadcasts(tensor: Tensor): readonly Tensor[] {
  if (!broadcasting.has(tensor.primitive)) return tensor.inputs;
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
