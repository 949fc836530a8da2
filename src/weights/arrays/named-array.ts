import { type Allowance, allowanceFor } from '../../allowance.js';

/** Numbers in double precision, in row-major order. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** What the arrays of a file may cost; those that measures learned have a few MB. */
export function allowanceOfArrays(file: string): Allowance {
  return allowanceFor(file, {
    steps: 1_000_000,
    bytes: 2 ** 27,
    kind: 'a model of a measure',
    remedy: 'save the arrays of the model alone',
  });
}

/** Brings numbers that lie with the first index running fastest, as in MATLAB and Fortran, into row-major order. */
export function fromColumnMajor(data: Float64Array, sizes: readonly number[]): Float64Array {
  const shape = sizes.filter((size) => size !== 1); // so that the cost is that of the numbers
  const result = new Float64Array(data.length);
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from] ?? 0;
    // The last index counts on; where it is full it starts again and the one before it counts on.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      const [size, step] = [shape[axis] ?? 1, strides[axis] ?? 1];
      if (next < size) {
        index[axis] = next;
        from += step;
        break;
      }
      index[axis] = 0;
      from -= (size - 1) * step;
    }
  }
  return result;
}
