import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { PrimitiveName, Program, Tensor, TensorOf } from '../tensor/index.js';
import { isPrimitive, topologicalOrder } from '../tensor/index.js';
import { lowerBlocked } from './blocked/lower-blocked.js';
import { Values } from './blocked/values.js';
import type { LoweringDevice, LoweringTarget } from './emitter.js';
import { Emitter, onnxTypes } from './emitter.js';
import { lowerings } from './lowerings.js';
import type { CompiledModel, Port } from './model.js';
import { simplify } from './simplify.js';

/** Opset 21: the newest on which every provider of ONNX Runtime has the operators used here. */
const OPSET = 21n;
const IR_VERSION = 10n;

function valueInfo({ name, shape, dtype }: Port): ValueInfoProto {
  const dim = shape.map((extent) =>
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(extent) } }),
  );
  const value = create(TypeProto_TensorSchema, {
    elemType: onnxTypes[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  });
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

/**
 * Turns a program into one ONNX model: opset 21, static shapes, explicit padding, no randomness.
 *
 * @param target lowerings differ where a provider is slow or wrong; the program does not.
 *
 * @example
 * const model = compile(program, 'cpu');
 * await writeFile('program.onnx', model.bytes);
 */
export function compile(program: Program, target: LoweringDevice | LoweringTarget = 'cpu'): CompiledModel {
  const { device, block } = typeof target === 'string' ? { device: target } : target;
  const { inputs, outputs } = simplify(program);
  for (const input of program.inputs)
    if (isPrimitive(input, 'input') && input.attributes.name in outputs)
      throw new RangeError(`compile: ${input.attributes.name} is the name of an input and of an output`);
  const inputNames = inputs.map((tensor) => (isPrimitive(tensor, 'input') ? tensor.attributes.name : ''));
  const emit = new Emitter(device, new Set([...inputNames, ...Object.keys(outputs)]));
  const values = new Values(emit);
  const order = topologicalOrder(Object.values(outputs));
  const context = { emit, values, uses: useCounts(order, Object.values(outputs)) };
  for (const tensor of order) {
    if (block !== undefined && lowerBlocked(tensor, { ...context, block })) continue;
    const names = tensor.inputs.map((input) => values.plain(input));
    values.set(tensor, { layout: 'plain', name: lower(tensor, names, emit) });
  }
  for (const [name, tensor] of Object.entries(outputs))
    emit.node('Identity', [values.plain(tensor)], {}, { output: name });

  const inputPorts = inputs.map((tensor) =>
    portOf(isPrimitive(tensor, 'input') ? tensor.attributes.name : '', tensor),
  );
  const outputPorts = Object.entries(outputs).map(([name, tensor]) => portOf(name, tensor));
  const opsets = [
    { domain: '', version: OPSET },
    { domain: 'com.microsoft', version: 1n },
    ...(block === undefined ? [] : [{ domain: 'com.microsoft.nchwc', version: 1n }]),
  ];
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'revela',
    opsetImport: opsets.map((opset) => create(OperatorSetIdProtoSchema, opset)),
    graph: create(GraphProtoSchema, {
      name: 'program',
      node: emit.nodes,
      initializer: emit.initialisers,
      input: inputPorts.map(valueInfo),
      output: outputPorts.map(valueInfo),
    }),
  });
  return { bytes: toBinary(ModelProtoSchema, model), inputs: inputPorts, outputs: outputPorts };
}
