import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { DType } from '../tensor/index.js';

const elementTypes: Readonly<Record<DType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

/**
 * The model `y = x` for tensors of one element type and any shape. Sessions of it carry tensors to and from a graphics card:
 * in Node ONNX Runtime has no other way (its `getData` on such a tensor ends the whole process).
 */
export function identityModel(dtype: DType): Uint8Array {
  const port = (name: string) =>
    create(ValueInfoProtoSchema, {
      name,
      type: create(TypeProtoSchema, {
        value: {
          case: 'tensorType',
          value: create(TypeProto_TensorSchema, { elemType: elementTypes[dtype] }),
        },
      }),
    });
  const graph = create(GraphProtoSchema, {
    name: 'identity',
    node: [create(NodeProtoSchema, { opType: 'Identity', input: ['x'], output: ['y'] })],
    input: [port('x')],
    output: [port('y')],
  });
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: 21n })];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 10n, opsetImport, graph }));
}
