import { gradientsOf } from './differentiate.js';
import { grouped } from './groups.js';
import { input } from './operations/index.js';
import type { DType, Shape, Tensor } from './tensor.js';

/** Tensors by name. For the parameters of a network the names are the state-dict keys of the published checkpoints. */
export type TensorRecord = Readonly<Record<string, Tensor>>;

/** What an input looks like; `float32` unless said otherwise. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype?: DType;
}

/** Declares the inputs of a program while it is traced. */
export interface ProgramInputs {
  /** One input. */
  input(name: string, shape: Shape, dtype?: DType): Tensor;
  /** A group of inputs, named `group/key`. */
  inputs(group: string, specs: Readonly<Record<string, TensorSpec>>): TensorRecord;
}

/** A traced program: what is fed and what comes out, by name. Groups of tensors are named `group/key`. */
export interface Program {
  readonly inputs: readonly Tensor[];
  readonly outputs: TensorRecord;
}

const isTensor = (value: Tensor | TensorRecord): value is Tensor => typeof value['primitive'] === 'string';

/**
 * Runs a function once over symbolic tensors and keeps what it computed.
 *
 * @example
 * const program = trace(({ input }) => {
 *   const x = input('x', [1, 3, 64, 64]);
 *   return { brighter: multiply(x, 1.1) };
 * });
 */
export function trace(
  write: (inputs: ProgramInputs) => Readonly<Record<string, Tensor | TensorRecord>>,
): Program {
  const declared = new Map<string, Tensor>();
  const declare = (name: string, shape: Shape, dtype: DType = 'float32'): Tensor => {
    if (declared.has(name)) throw new RangeError(`trace: two inputs are named ${name}`);
    const tensor = input(name, shape, dtype);
    declared.set(name, tensor);
    return tensor;
  };
  const results = write({
    input: declare,
    inputs: (group, specs) =>
      Object.fromEntries(
        Object.entries(specs).map(([key, { shape, dtype }]) => [
          key,
          declare(`${group}/${key}`, shape, dtype),
        ]),
      ),
  });
  const outputs: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(results)) {
    if (isTensor(value)) outputs[name] = value;
    else Object.assign(outputs, grouped(name, value));
  }
  return { inputs: [...declared.values()], outputs };
}

/**
 * The function that computes a loss and its gradients with respect to its first argument.
 *
 * @example
 * const { value, gradients } = valueAndGrad((parameters) => loss(network(parameters, x)))(parameters);
 */
export function valueAndGrad<Rest extends readonly unknown[]>(
  loss: (parameters: TensorRecord, ...rest: Rest) => Tensor,
): (parameters: TensorRecord, ...rest: Rest) => { readonly value: Tensor; readonly gradients: TensorRecord } {
  return (parameters, ...rest) => {
    const value = loss(parameters, ...rest);
    const names = Object.keys(parameters);
    const gradients = gradientsOf(value, Object.values(parameters));
    return { value, gradients: Object.fromEntries(gradients.map((gradient, i) => [names[i], gradient])) };
  };
}
