import type { NodeProto, TensorProto } from 'onnx-buf';
import type { Program, Tensor } from '../tensor/index.js';
import { isPrimitive } from '../tensor/index.js';
import { emitKernel } from './emit-kernel.js';
import type { LoweringTarget } from './emitter.js';
import { Emitter } from './emitter.js';
import type { Port } from './model.js';
import type { Costs } from './plan/costs.js';
import type { Forms } from './plan/forms.js';
import type { Plan } from './plan/kernel.js';
import { planProgram } from './plan/plan.js';
import { simplify } from './simplify.js';
import { createValues } from './values.js';

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

/** Spells what is planned in ONNX operators, and returns the values that primitives leave in the plain layout. */
function emitPlan(plan: Plan, values: Forms<string>, emit: Emitter): readonly Port[] {
  const results: Port[] = [];
  for (const [tensor, { kernel, takes, gives, waits }] of plan) {
    if (kernel.kind === 'in passing') continue;
    const compute = (): void => {
      const names = takes.map(({ tensor: input, layout }) => values.in(input, layout));
      const known = emitKernel(kernel, names, emit);
      values.set(tensor, { layout: gives, known });
      if (gives === 'plain' && tensor.inputs.length > 0) results.push(portOf(known, tensor));
    };
    if (waits) values.wait(tensor, compute);
    else compute();
  }
  return results;
}

/** Simplifies a program, plans it, and emits what is planned in ONNX operators. */
export function lowerProgram(program: Program, target: LoweringTarget, costs?: Costs): LoweredProgram {
  const { inputs, outputs } = simplify(program);
  for (const input of program.inputs)
    if (isPrimitive(input, 'input') && input.attributes.name in outputs)
      throw new RangeError(`compile: ${input.attributes.name} is the name of an input and of an output`);
  const inputNames = inputs.map((tensor) => (isPrimitive(tensor, 'input') ? tensor.attributes.name : ''));
  const plan = planProgram(Object.values(outputs), target, costs);
  const emit = new Emitter(target.device, new Set([...inputNames, ...Object.keys(outputs)]), target.block);
  const values = createValues(emit);
  const results = emitPlan(plan, values, emit);
  const { nodes, nameOf } = neededGraph(
    emit,
    Object.entries(outputs).map(([name, tensor]) => [name, values.in(tensor, 'plain')] as const),
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
