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
import type { LoweringDevice } from './emitter.js';
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

/**
 * Turns a program into one ONNX model: opset 21, static shapes, explicit padding, no randomness.
 *
 * @param device lowerings differ where a provider is slow or wrong; the program does not.
 *
 * @example
 * const model = compile(program, 'cpu');
 * await writeFile('program.onnx', model.bytes);
 */
export function compile(program: Program, device: LoweringDevice = 'cpu'): CompiledModel {
  const { inputs, outputs } = simplify(program);
  for (const input of program.inputs)
    if (isPrimitive(input, 'input') && input.attributes.name in outputs)
      throw new RangeError(`compile: ${input.attributes.name} is the name of an input and of an output`);
  const inputNames = inputs.map((tensor) => (isPrimitive(tensor, 'input') ? tensor.attributes.name : ''));
  const emit = new Emitter(device, new Set([...inputNames, ...Object.keys(outputs)]));
  const names = new Map<Tensor, string>();
  const nameOf = (tensor: Tensor): string => {
    const name = names.get(tensor);
    if (name === undefined) throw new Error(`compile: ${tensor.primitive} was used before it was computed`);
    return name;
  };
  for (const tensor of topologicalOrder(Object.values(outputs))) {
    names.set(tensor, lower(tensor, tensor.inputs.map(nameOf), emit));
  }
  for (const [name, tensor] of Object.entries(outputs))
    emit.node('Identity', [nameOf(tensor)], {}, { output: name });

  const inputPorts = inputs.map((tensor) =>
    portOf(isPrimitive(tensor, 'input') ? tensor.attributes.name : '', tensor),
  );
  const outputPorts = Object.entries(outputs).map(([name, tensor]) => portOf(name, tensor));
  const opsets = [
    { domain: '', version: OPSET },
    { domain: 'com.microsoft', version: 1n },
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
