import type { Program, Tensor, TensorValue } from '../tensor/index.js';
import {
  constant,
  formatShape,
  isPrimitive,
  rebuiltWith,
  sameShape,
  topologicalOrder,
} from '../tensor/index.js';

/**
 * The program with some inputs fixed to numbers: how trained weights become part of an inference model,
 * which ONNX Runtime can then lay out and fuse ahead of time.
 *
 * @param values by input name; an input that no program asks for is ignored.
 */
export function bindInputs(program: Program, values: Readonly<Record<string, TensorValue>>): Program {
  const replacements = new Map<Tensor, Tensor>();
  for (const tensor of topologicalOrder(Object.values(program.outputs))) {
    const value = isPrimitive(tensor, 'input') ? values[tensor.attributes.name] : undefined;
    if (value !== undefined && (!sameShape(value.shape, tensor.shape) || value.dtype !== tensor.dtype))
      throw new RangeError(
        `bindInputs: ${isPrimitive(tensor, 'input') ? tensor.attributes.name : ''} is ${tensor.dtype} ${formatShape(tensor.shape)}, got ${value.dtype} ${formatShape(value.shape)}`,
      );
    const inputs = tensor.inputs.map((input) => replacements.get(input) ?? input);
    replacements.set(
      tensor,
      value === undefined ? rebuiltWith(tensor, inputs) : constant(value.data, value.shape),
    );
  }
  const outputs = Object.entries(program.outputs).map(([name, tensor]) => [
    name,
    replacements.get(tensor) ?? tensor,
  ]);
  return {
    inputs: program.inputs.filter(
      (tensor) => !isPrimitive(tensor, 'input') || values[tensor.attributes.name] === undefined,
    ),
    outputs: Object.fromEntries(outputs),
  };
}
