import { byteCount, isPrimitive, type Program, peakBytes, topologicalOrder } from '../tensor/index.js';

/** ONNX Runtime keeps constants in another order beside what it was given, and tensors in blocks that are larger than they are. */
const TIMES = 2;

/** Of a program that holds nothing. */
const LEAST = 2 ** 20;

/**
 * About the bytes that a program takes once it has run: its constants, and the tensors that are alive at once, which
 * ONNX Runtime does not give back before the program is released.
 */
export function programBytes({ outputs }: Program): number {
  const roots = Object.values(outputs);
  let constants = 0;
  for (const tensor of topologicalOrder(roots))
    if (isPrimitive(tensor, 'constant')) constants += byteCount(tensor);
  return LEAST + TIMES * (constants + peakBytes(roots));
}
