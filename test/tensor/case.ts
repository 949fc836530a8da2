import { createRandom } from '#src/nn/index.js';
import type { DType, Shape, Tensor, TensorData } from '#src/tensor/index.js';
import { elementCount, input } from '#src/tensor/index.js';

/** An input of a case: its shape, and the range its numbers are drawn from or the numbers themselves. */
export interface CaseInput {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly range: readonly [number, number];
  readonly values?: readonly number[];
}

/** A small program over one primitive. */
export interface Case {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Inputs whose gradient is zero by definition, whatever finite differences say. */
  readonly stopped?: readonly number[];
}

/** Numbers of a shape. */
export const of = (...shape: number[]): CaseInput => ({ shape, dtype: 'float32', range: [-2, 2] });
/** Numbers of a shape, from a range. */
export const within = (low: number, high: number, ...shape: number[]): CaseInput => ({
  shape,
  dtype: 'float32',
  range: [low, high],
});
/** Whole numbers, or truths. */
export const whole = (
  values: readonly number[],
  shape: Shape,
  dtype: 'int32' | 'int64' | 'bool' = 'int32',
): CaseInput => ({
  shape,
  dtype,
  range: [0, 0],
  values,
});

/** The symbolic inputs of a case. */
export function inputsOf({ inputs }: Case, prefix = ''): readonly Tensor[] {
  return inputs.map(({ shape, dtype }, i) => input(`${prefix}${i}`, shape, dtype));
}

/** Numbers for an input, the same each time; multiples of 2⁻²⁰, so that single precision holds them exactly. */
export function numbersFor({ shape, range, values }: CaseInput, seed: number): Float64Array {
  if (values !== undefined) return Float64Array.from(values);
  const random = createRandom(seed);
  const [low, high] = range;
  return Float64Array.from(
    { length: elementCount(shape) },
    () => Math.round((low + (high - low) * random.uniform()) * 2 ** 20) / 2 ** 20,
  );
}

/** The same numbers as a program is fed them. */
export function dataOf(values: Float64Array, dtype: DType): TensorData {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'int64':
      return BigInt64Array.from(values, BigInt);
    case 'bool':
      return Uint8Array.from(values);
  }
}
