import { type ConvolutionGeometry, elementCount, type Shape } from '#src/tensor/index.js';

/**
 * Numbers in row-major order. The interpreter computes everything in double precision, with one plain loop per
 * primitive; integers are doubles that happen to be whole, and booleans are 0 and 1.
 */
export class Numbers {
  constructor(
    readonly shape: Shape,
    readonly data: Float64Array,
  ) {
    if (data.length !== elementCount(shape))
      throw new RangeError(`${data.length} numbers do not fill [${shape.join(', ')}]`);
  }

  /** The number at an index of a shape that this one broadcasts to. */
  at(index: readonly number[]): number {
    return get(this.data, this.offset(index));
  }

  offset(index: readonly number[]): number {
    const lead = index.length - this.shape.length;
    return this.shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : get(index, lead + axis)), 0);
  }
}

/** Fed numbers, by the names of the inputs. */
export type Feeds = Readonly<Record<string, Float64Array>>;

/** An element that has to be there. */
export function get(list: ArrayLike<number>, index: number): number {
  const value = list[index];
  if (value === undefined) throw new RangeError(`element ${index} of ${list.length}`);
  return value;
}

export function* indicesOf(shape: Shape): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let left = elementCount(shape); left > 0; left--) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = get(index, axis) + 1;
      if (get(index, axis) < get(shape, axis)) break;
      index[axis] = 0;
    }
  }
}

export function filledBy(shape: Shape, value: (index: readonly number[]) => number): Float64Array {
  const data = new Float64Array(elementCount(shape));
  let i = 0;
  for (const index of indicesOf(shape)) data[i++] = value(index);
  return data;
}

/** Zeros of a shape to add into. */
export function accumulator(shape: Shape): {
  sum: Numbers;
  add: (index: readonly number[], value: number) => void;
} {
  const sum = new Numbers(shape, new Float64Array(elementCount(shape)));
  return {
    sum,
    add: (index, value) => {
      const offset = sum.offset(index);
      sum.data[offset] = get(sum.data, offset) + value;
    },
  };
}

/** Products of one weight with a row of numbers: `y[yAt + k] += weight[weightAt] · x[xAt + k · step]` for `k` below `count`. */
export interface Row {
  readonly weightAt: number;
  readonly xAt: number;
  readonly step: number;
  readonly yAt: number;
  readonly count: number;
}

/**
 * Every product a convolution adds up, by the places in the data, in rows: nearly all of the interpreter's time is spent here, and a
 * call for each product takes ten times longer.
 */
export function forEachRow(
  { stride, dilation, padding, groups }: ConvolutionGeometry,
  [, channels = 0, height = 0, width = 0]: Shape,
  [out = 0, perGroup = 0, rows = 0, columns = 0]: Shape,
  [batch = 0, , yHeight = 0, yWidth = 0]: Shape,
  visit: (row: Row) => void,
): void {
  const [down, across] = stride;
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < out; o++) {
      const firstChannel = n * channels + Math.floor(o / (out / groups)) * perGroup;
      const firstRow = (n * out + o) * yHeight;
      let weightAt = o * perGroup * rows * columns;
      for (let c = 0; c < perGroup; c++)
        for (let v = 0; v < rows; v++)
          for (let u = 0; u < columns; u++, weightAt++) {
            // Outside of the image there is nothing.
            const shift = u * dilation[1] - padding[1];
            const first = Math.max(0, Math.ceil(-shift / across));
            const count = Math.min(yWidth - 1, Math.floor((width - 1 - shift) / across)) - first + 1;
            if (count <= 0) continue;
            for (let i = 0; i < yHeight; i++) {
              const y = i * down + v * dilation[0] - padding[0];
              if (y < 0 || y >= height) continue;
              const xAt = ((firstChannel + c) * height + y) * width + first * across + shift;
              visit({ weightAt, xAt, step: across, yAt: (firstRow + i) * yWidth + first, count });
            }
          }
    }
}
