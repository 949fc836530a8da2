import type { Program, TensorRecord } from './program.js';
import type { Tensor } from './tensor.js';
import { topologicalOrder } from './walk.js';

/** A tensor whose inputs are places in a list. */
type FlatTensor = Omit<Tensor, 'inputs'> & { readonly inputs: readonly number[] };

/**
 * A program as a list: each tensor after its inputs, which are named by their places. Between threads a graph cannot travel as
 * it is: copying it walks as deep as it is long.
 */
export interface FlatProgram {
  readonly tensors: readonly FlatTensor[];
  readonly inputs: readonly number[];
  readonly outputs: Readonly<Record<string, number>>;
}

function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  if (found === undefined) throw new RangeError(`a program of ${list.length} tensors has no tensor ${place}`);
  return found;
}

/** The list of a program's tensors. The numbers of its constants are shared, not copied. */
export function flattened({ inputs, outputs }: Program): FlatProgram {
  const order = topologicalOrder([...inputs, ...Object.values(outputs)]);
  const places = new Map(order.map((tensor, place) => [tensor, place]));
  const placeOf = (tensor: Tensor): number => places.get(tensor) ?? -1;
  return {
    tensors: order.map((tensor) => ({ ...tensor, inputs: tensor.inputs.map(placeOf) })),
    inputs: inputs.map(placeOf),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, placeOf(tensor)])),
  };
}

/** The program of a list that {@link flattened} made. */
export function unflattened({ tensors, inputs, outputs }: FlatProgram): Program {
  const made: Tensor[] = [];
  for (const tensor of tensors)
    made.push({ ...tensor, inputs: tensor.inputs.map((place) => at(made, place)) });
  const results: TensorRecord = Object.fromEntries(
    Object.entries(outputs).map(([name, place]) => [name, at(made, place)]),
  );
  return { inputs: inputs.map((place) => at(made, place)), outputs: results };
}
