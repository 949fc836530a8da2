import type {
  ConvolutionGeometry,
  PrimitiveName,
  Primitives,
  Shape,
  Tensor,
  TensorOf,
} from '#src/tensor/index.js';
import { elementCount, extent, topologicalOrder } from '#src/tensor/index.js';

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

function* indicesOf(shape: Shape): Generator<number[]> {
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

function filledBy(shape: Shape, value: (index: readonly number[]) => number): Float64Array {
  const data = new Float64Array(elementCount(shape));
  let i = 0;
  for (const index of indicesOf(shape)) data[i++] = value(index);
  return data;
}

/** Zeros of a shape to add into. */
function accumulator(shape: Shape): { sum: Numbers; add: (index: readonly number[], value: number) => void } {
  const sum = new Numbers(shape, new Float64Array(elementCount(shape)));
  return {
    sum,
    add: (index, value) => {
      const offset = sum.offset(index);
      sum.data[offset] = get(sum.data, offset) + value;
    },
  };
}

/** erf by its series of positive terms: 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)). */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Every product a convolution adds up: `y[yAt] += weight[weightAt] · x[xAt]`. */
function* convolutionTerms(
  geometry: ConvolutionGeometry,
  [, , height = 0, width = 0]: Shape,
  [out = 0, perGroup = 0, rows = 0, columns = 0]: Shape,
  [batch = 0, , yHeight = 0, yWidth = 0]: Shape,
): Generator<{ xAt: number[]; weightAt: number[]; yAt: number[] }> {
  const { stride, dilation, padding, groups } = geometry;
  for (const [n, o, i, j] of indicesOf([batch, out, yHeight, yWidth]) as Iterable<[number, number, number, number]>)
    for (const [c, v, u] of indicesOf([perGroup, rows, columns]) as Iterable<[number, number, number]>) {
      const y = i * stride[0] + v * dilation[0] - padding[0];
      const x = j * stride[1] + u * dilation[1] - padding[1];
      const group = Math.floor(o / (out / groups));
      if (y >= 0 && y < height && x >= 0 && x < width)
        yield { xAt: [n, group * perGroup + c, y, x], weightAt: [o, c, v, u], yAt: [n, o, i, j] };
    }
}

type Operands<P extends PrimitiveName> = { readonly [I in keyof Primitives[P]['inputs']]: Numbers };

type Rule<P extends PrimitiveName> = (operands: Operands<P>, tensor: TensorOf<P>, feeds: Feeds) => Float64Array;

const unary =
  (f: (x: number) => number) =>
  ([x]: readonly [Numbers]): Float64Array =>
    x.data.map(f);

const binary =
  (f: (a: number, b: number) => number) =>
  ([a, b]: readonly [Numbers, Numbers], { shape }: { readonly shape: Shape }): Float64Array =>
    filledBy(shape, (index) => f(a.at(index), b.at(index)));

const rules: { readonly [P in PrimitiveName]: Rule<P> } = {
  input: (_, { attributes: { name } }, feeds) => {
    const values = feeds[name];
    if (values === undefined) throw new RangeError(`the input ${name} was not fed`);
    return values;
  },
  constant: (_, { attributes: { data } }) => Float64Array.from(data, Number),
  stopGradient: unary((x) => x),

  negate: unary((x) => -x),
  absolute: unary(Math.abs),
  sign: unary(Math.sign),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  erf: unary(errorFunction),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  relu: unary((x) => Math.max(x, 0)),
  step: unary((x) => (x > 0 ? 1 : 0)),
  cast: ([x], { attributes: { to } }) =>
    x.data.map((value) => (to === 'float32' ? value : to === 'bool' ? Number(value !== 0) : Math.trunc(value))),

  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  power: binary((a, b) => a ** b),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  equal: binary((a, b) => Number(a === b)),
  greater: binary((a, b) => Number(a > b)),
  where: ([condition, a, b], { shape }) =>
    filledBy(shape, (index) => (condition.at(index) !== 0 ? a : b).at(index)),

  reshape: ([x]) => x.data,
  transpose: ([x], { shape, attributes: { permutation } }) =>
    filledBy(shape, (index) => x.at(x.shape.map((_, axis) => get(index, permutation.indexOf(axis))))),
  broadcast: ([x], { shape }) => filledBy(shape, (index) => x.at(index)),
  slice: ([x], { shape, attributes: { starts, steps } }) =>
    filledBy(shape, (index) => x.at(index.map((i, axis) => get(starts, axis) + i * get(steps, axis)))),
  pad: ([x], { shape, attributes: { before } }) =>
    filledBy(shape, (index) => {
      const from = index.map((i, axis) => i - get(before, axis));
      return from.every((i, axis) => i >= 0 && i < get(x.shape, axis)) ? x.at(from) : 0;
    }),
  concat: (parts, { shape, attributes: { axis } }) =>
    filledBy(shape, (index) => {
      let i = get(index, axis);
      for (const part of parts) {
        if (i < extent(part.shape, axis)) return part.at(index.map((other, a) => (a === axis ? i : other)));
        i -= extent(part.shape, axis);
      }
      throw new RangeError('concat: an index beyond the last part');
    }),
  gather: ([table, indices], { shape }) =>
    filledBy(shape, (index) => {
      const rank = indices.shape.length;
      return table.at([indices.at(index.slice(0, rank)), ...index.slice(rank)]);
    }),
  scatterAdd: ([updates, indices], { shape }) => {
    const { sum, add } = accumulator(shape);
    const rank = indices.shape.length;
    for (const index of indicesOf(updates.shape))
      add([indices.at(index.slice(0, rank)), ...index.slice(rank)], updates.at(index));
    return sum.data;
  },

  sum: ([x], { shape }) => {
    const { sum, add } = accumulator(shape);
    for (const index of indicesOf(x.shape)) add(index, x.at(index));
    return sum.data;
  },
  max: ([x], { shape, attributes: { axis } }) =>
    filledBy(shape, (index) =>
      Math.max(...Array.from({ length: extent(x.shape, axis) }, (_, i) => x.at(index.with(axis, i)))),
    ),
  softmax: ([x], { shape }) =>
    filledBy(shape, (index) => {
      const row = Array.from({ length: extent(shape, -1) }, (_, i) => Math.exp(x.at(index.with(-1, i))));
      return Math.exp(x.at(index)) / row.reduce((a, b) => a + b, 0);
    }),

  matmul: ([a, b], { shape, attributes: { transposeA, transposeB } }) =>
    filledBy(shape, (index) => {
      const lead = index.slice(0, -2);
      const [row, column] = [get(index, index.length - 2), get(index, index.length - 1)];
      let sum = 0;
      for (let k = 0; k < extent(a.shape, transposeA ? -2 : -1); k++) {
        const left = a.at([...lead, ...(transposeA ? [k, row] : [row, k])]);
        sum += left * b.at([...lead, ...(transposeB ? [column, k] : [k, column])]);
      }
      return sum;
    }),
  convolution: ([x, weight, bias], { shape, attributes }) => {
    const { sum, add } = accumulator(shape);
    if (bias !== undefined) for (const index of indicesOf(shape)) add(index, bias.at([get(index, 1)]));
    for (const { xAt, weightAt, yAt } of convolutionTerms(attributes, x.shape, weight.shape, shape))
      add(yAt, weight.at(weightAt) * x.at(xAt));
    return sum.data;
  },
  convolutionInputGradient: ([upstream, weight], { shape, attributes }) => {
    const { sum, add } = accumulator(shape);
    for (const { xAt, weightAt, yAt } of convolutionTerms(attributes, shape, weight.shape, upstream.shape))
      add(xAt, weight.at(weightAt) * upstream.at(yAt));
    return sum.data;
  },
  convolutionWeightGradient: ([x, upstream], { shape, attributes }) => {
    const { sum, add } = accumulator(shape);
    for (const { xAt, weightAt, yAt } of convolutionTerms(attributes, x.shape, shape, upstream.shape))
      add(weightAt, x.at(xAt) * upstream.at(yAt));
    return sum.data;
  },
  maxPool: ([x], { shape, attributes: { kernel, stride, padding } }) =>
    filledBy(shape, (index) => {
      const [n = 0, c = 0, i = 0, j = 0] = index;
      let largest = Number.NEGATIVE_INFINITY;
      for (let v = 0; v < kernel[0]; v++)
        for (let u = 0; u < kernel[1]; u++) {
          const [y, column] = [i * stride[0] + v - padding[0], j * stride[1] + u - padding[1]];
          const inside = y >= 0 && y < extent(x.shape, 2) && column >= 0 && column < extent(x.shape, 3);
          if (inside) largest = Math.max(largest, x.at([n, c, y, column]));
        }
      return largest;
    }),
};

function computed<P extends PrimitiveName>(tensor: TensorOf<P>, operands: readonly Numbers[], feeds: Feeds) {
  const rule = rules[tensor.primitive];
  return rule(operands as Operands<P>, tensor, feeds);
}

/**
 * The values of tensors, in double precision.
 *
 * @throws where a value does not fill the shape that its tensor claims.
 */
export function interpret(tensors: readonly Tensor[], feeds: Feeds): readonly Numbers[] {
  const values = new Map<Tensor, Numbers>();
  const valueOf = (tensor: Tensor): Numbers => {
    const value = values.get(tensor);
    if (value === undefined) throw new Error(`${tensor.primitive} is used before it is computed`);
    return value;
  };
  for (const tensor of topologicalOrder(tensors)) {
    const operands = tensor.inputs.map(valueOf);
    values.set(tensor, new Numbers(tensor.shape, computed(tensor, operands, feeds)));
  }
  return tensors.map(valueOf);
}
