import type { NodeProto, TensorProto } from 'onnx-buf';
import type { PrimitiveName, Program, Tensor, TensorOf } from '../tensor/index.js';
import { isPrimitive, topologicalOrder } from '../tensor/index.js';
import { lowerBatchLast } from './batch-last.js';
import { lowerBlocked } from './blocked/lower-blocked.js';
import { Values } from './blocked/values.js';
import { planWinograd } from './blocked/winograd-plan.js';
import type { LoweringTarget } from './emitter.js';
import { Emitter } from './emitter.js';
import { lowerings } from './lowerings.js';
import type { Port } from './model.js';
import { simplify } from './simplify.js';

/** A program spelled in ONNX operators: the parts of an ONNX graph. */
export interface LoweredProgram {
  /** Each after the nodes whose results it takes. */
  readonly nodes: readonly NodeProto[];
  readonly initialisers: readonly TensorProto[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The values in between that are a primitive's result in the plain layout, in the order of the nodes. */
  readonly results: readonly Port[];
}

const portOf = (name: string, { shape, dtype }: Tensor): Port => ({ name, shape, dtype });

function lower<P extends PrimitiveName>(
  tensor: TensorOf<P>,
  names: readonly string[],
  emit: Emitter,
): string {
  const lowering = lowerings[tensor.primitive];
  return lowering(tensor, names as Parameters<typeof lowering>[1], emit);
}

/** How many tensors and outputs need each tensor. */
function useCounts(order: readonly Tensor[], outputs: readonly Tensor[]): (tensor: Tensor) => number {
  const counts = new Map<Tensor, number>();
  for (const used of [...order.flatMap(({ inputs }) => [...inputs]), ...outputs])
    counts.set(used, (counts.get(used) ?? 0) + 1);
  return (tensor) => counts.get(tensor) ?? 0;
}

/** What the outputs need of a graph whose values have their last names. */
interface NeededGraph {
  readonly nodes: readonly NodeProto[];
  /** The last name of a value, if anything needs it. */
  nameOf(value: string): string | undefined;
}

/** Gives outputs their names: a value that is one output becomes it, and one that is several, or an input, is copied. */
function neededGraph(emit: Emitter, outputs: readonly (readonly [string, string])[]): NeededGraph {
  const computed = new Set(emit.nodes.flatMap(({ output }) => output));
  const names = new Map<string, string>();
  for (const [output, value] of outputs)
    if (computed.has(value) && !names.has(value)) names.set(value, output);
    else emit.node('Identity', [value], {}, { output });
  const renamed = (name: string): string => names.get(name) ?? name;
  const needed = new Set(outputs.flat());
  const nodes: NodeProto[] = [];
  for (const node of emit.nodes.toReversed()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    for (const name of node.input) needed.add(name);
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
    nodes.push(node);
  }
  return {
    nodes: nodes.reverse(),
    nameOf: (value) => (needed.has(value) ? renamed(value) : undefined),
  };
}

/** Simplifies a program and spells each of its primitives in ONNX operators. */
export function lowerProgram(program: Program, { device, block }: LoweringTarget): LoweredProgram {
  const { inputs, outputs } = simplify(program);
  for (const input of program.inputs)
    if (isPrimitive(input, 'input') && input.attributes.name in outputs)
      throw new RangeError(`compile: ${input.attributes.name} is the name of an input and of an output`);
  const inputNames = inputs.map((tensor) => (isPrimitive(tensor, 'input') ? tensor.attributes.name : ''));
  const emit = new Emitter(device, new Set([...inputNames, ...Object.keys(outputs)]));
  const values = new Values(emit, block);
  const order = topologicalOrder(Object.values(outputs));
  const context = { emit, values, uses: useCounts(order, Object.values(outputs)) };
  const winograd = {
    chosen: block === undefined ? new Map() : planWinograd(order, block),
    transformed: new Map(),
    products: new Map(),
  };
  const results: Port[] = [];
  for (const tensor of order) {
    if (block !== undefined && lowerBlocked(tensor, { ...context, block, winograd })) continue;
    const names = tensor.inputs.map((input) => values.plain(input));
    const spell = (operands: readonly string[]): string => lower(tensor, operands, emit);
    const name = lowerBatchLast(tensor, names, spell, emit) ?? spell(names);
    values.set(tensor, { layout: 'plain', name });
    if (tensor.inputs.length > 0) results.push(portOf(name, tensor));
  }
  const { nodes, nameOf } = neededGraph(
    emit,
    Object.entries(outputs).map(([name, tensor]) => [name, values.plain(tensor)] as const),
  );
  return {
    nodes,
    initialisers: emit.initialisers.filter(({ name }) => nameOf(name) !== undefined),
    inputs: inputs.map((tensor) =>
      portOf(isPrimitive(tensor, 'input') ? tensor.attributes.name : '', tensor),
    ),
    outputs: Object.entries(outputs).map(([name, tensor]) => portOf(name, tensor)),
    results: results.flatMap((port) => {
      const name = nameOf(port.name);
      return name === undefined ? [] : [{ ...port, name }];
    }),
  };
}
