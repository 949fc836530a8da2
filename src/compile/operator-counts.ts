import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import type { CompiledModel } from './model.js';

/**
 * How many nodes of each ONNX operator a model has: what tests of a lowering look at.
 *
 * @example
 * operatorCounts(compile(program)); // { Conv: 2, Relu: 1, Identity: 1 }
 */
export function operatorCounts(model: CompiledModel): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { opType } of fromBinary(ModelProtoSchema, model.bytes).graph?.node ?? [])
    counts[opType] = (counts[opType] ?? 0) + 1;
  return counts;
}
