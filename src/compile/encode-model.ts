import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { onnxTypes } from './emitter.js';
import type { OpenPort } from './model.js';

/** Opset 21: the newest on which every provider of ONNX Runtime has the operators used here. */
const OPSET = 21n;
const IR_VERSION = 10n;

/** The parts of an ONNX graph. */
interface GraphParts {
  readonly nodes: readonly NodeProto[];
  readonly initialisers: readonly TensorProto[];
  readonly inputs: readonly OpenPort[];
  readonly outputs: readonly OpenPort[];
  /**
   * Shapes of values in between, where they are told. Where extents are free, ONNX Runtime plans the reuse of memory by their
   * names; without them it finds nothing to reuse, and takes many times as long to open a large model.
   */
  readonly shapes?: readonly OpenPort[];
}

/** What a model says of itself to people. */
export interface ModelLabel {
  /** Entries of the model's metadata, by key. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The version of the program that wrote it. */
  readonly producerVersion?: string;
  /** What it does, in a few words. */
  readonly description?: string;
}

function valueInfo({ name, shape, dtype }: OpenPort): ValueInfoProto {
  const dim = shape.map((extent) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof extent === 'string'
          ? { case: 'dimParam', value: extent }
          : { case: 'dimValue', value: BigInt(extent) },
    }),
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

/** The bytes of an ONNX model; it names the operator sets that its nodes are of. */
export function encodeModel(
  { nodes, initialisers, inputs, outputs, shapes = [] }: GraphParts,
  { metadata = {}, producerVersion = '', description = '' }: ModelLabel = {},
): Uint8Array {
  const domains = [...new Set(['', ...nodes.map(({ domain }) => domain)])];
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'revela',
    producerVersion,
    docString: description,
    opsetImport: domains.map((domain) =>
      create(OperatorSetIdProtoSchema, { domain, version: domain === '' ? OPSET : 1n }),
    ),
    graph: create(GraphProtoSchema, {
      name: 'program',
      node: [...nodes],
      initializer: [...initialisers],
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
      valueInfo: shapes.map(valueInfo),
    }),
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });
  return toBinary(ModelProtoSchema, model);
}
