import {
  byKind,
  elementCount,
  type ElementwiseName,
  evaluate,
  extent,
  type StructuralName,
  type Tensor,
  type TensorOf,
  topologicalOrder,
} from '#src/tensor/index.js';
import {
  accumulator,
  type Feeds,
  filledBy,
  forEachRow,
  get,
  indicesOf,
  Numbers,
} from './interpreter-numbers.js';

/** Computes a tensor from the values of its inputs. */
type Rule<P extends StructuralName> = (
  tensor: TensorOf<P>,
  numbersOf: (input: Tensor) => Numbers,
  feeds: Feeds,
) => Float64Array;

/** A primitive that works on each number by itself, by the formula of its declaration. */
function elementwise(tensor: TensorOf<ElementwiseName>, numbersOf: (input: Tensor) => Numbers): Float64Array {
  const operands = tensor.inputs.map(numbersOf);
  const [x] = operands;
  if (x !== undefined && operands.length === 1) return x.data.map((value) => evaluate(tensor, [value]));
  return filledBy(tensor.shape, (index) =>
    evaluate(
      tensor,
      operands.map((operand) => operand.at(index)),
    ),
  );
}

const rules: { readonly [P in StructuralName]: Rule<P> } = {
  input: ({ attributes: { name } }, _, feeds) => {
    const values = feeds[name];
    if (values === undefined) throw new RangeError(`the input ${name} was not fed`);
    return values;
  },
  constant: ({ attributes: { data } }) => Float64Array.from(data, Number),
  stopGradient: ({ inputs: [x] }, numbersOf) => numbersOf(x).data,

  reshape: ({ inputs: [x] }, numbersOf) => numbersOf(x).data,
  transpose: ({ inputs: [x], shape, attributes: { permutation } }, numbersOf) => {
    const source = numbersOf(x);
    return filledBy(shape, (index) =>
      source.at(index.map((_, axis) => get(index, permutation.indexOf(axis)))),
    );
  },
  broadcast: ({ inputs: [x], shape }, numbersOf) => {
    const source = numbersOf(x);
    return filledBy(shape, (index) => source.at(index));
  },
  slice: ({ inputs: [x], shape, attributes: { starts, steps } }, numbersOf) => {
    const source = numbersOf(x);
    return filledBy(shape, (index) =>
      source.at(index.map((i, axis) => get(starts, axis) + i * get(steps, axis))),
    );
  },
  pad: ({ inputs: [x], shape, attributes: { before } }, numbersOf) => {
    const source = numbersOf(x);
    return filledBy(shape, (index) => {
      const from = index.map((i, axis) => i - get(before, axis));
      return from.every((i, axis) => i >= 0 && i < get(x.shape, axis)) ? source.at(from) : 0;
    });
  },
  concat: ({ inputs, shape, attributes: { axis } }, numbersOf) => {
    const parts = inputs.map(numbersOf);
    return filledBy(shape, (index) => {
      let i = get(index, axis);
      for (const part of parts) {
        if (i < extent(part.shape, axis)) return part.at(index.with(axis, i));
        i -= extent(part.shape, axis);
      }
      throw new RangeError('concat: an index beyond the last part');
    });
  },
  gather: ({ inputs: [table, indices], shape }, numbersOf) => {
    const [rows, chosen] = [numbersOf(table), numbersOf(indices)];
    const rank = indices.shape.length;
    return filledBy(shape, (index) => rows.at([chosen.at(index.slice(0, rank)), ...index.slice(rank)]));
  },
  scatterAdd: ({ inputs: [updates, indices], shape }, numbersOf) => {
    const { sum, add } = accumulator(shape);
    const [added, chosen] = [numbersOf(updates), numbersOf(indices)];
    const rank = indices.shape.length;
    for (const index of indicesOf(updates.shape))
      add([chosen.at(index.slice(0, rank)), ...index.slice(rank)], added.at(index));
    return sum.data;
  },

  sum: ({ inputs: [x], shape }, numbersOf) => {
    const { sum, add } = accumulator(shape);
    const source = numbersOf(x);
    for (const index of indicesOf(x.shape)) add(index, source.at(index));
    return sum.data;
  },
  max: ({ inputs: [x], shape, attributes: { axis } }, numbersOf) => {
    const source = numbersOf(x);
    const positions = Array.from({ length: extent(x.shape, axis) }, (_, i) => i);
    return filledBy(shape, (index) => Math.max(...positions.map((i) => source.at(index.with(axis, i)))));
  },
  softmax: ({ inputs: [x], shape }, numbersOf) => {
    const source = numbersOf(x);
    const positions = Array.from({ length: extent(shape, -1) }, (_, i) => i);
    return filledBy(shape, (index) => {
      const row = positions.map((i) => source.at(index.with(-1, i)));
      const largest = Math.max(...row);
      const sum = row.reduce((total, x) => total + Math.exp(x - largest), 0);
      return Math.exp(source.at(index) - largest) / sum;
    });
  },

  matmul: ({ inputs: [a, b], shape, attributes: { transposeA, transposeB } }, numbersOf) => {
    const [left, right] = [numbersOf(a), numbersOf(b)];
    return filledBy(shape, (index) => {
      const lead = index.slice(0, -2);
      const [row = 0, column = 0] = index.slice(-2);
      let sum = 0;
      for (let k = 0; k < extent(a.shape, transposeA ? -2 : -1); k++)
        sum +=
          left.at([...lead, ...(transposeA ? [k, row] : [row, k])]) *
          right.at([...lead, ...(transposeB ? [column, k] : [k, column])]);
      return sum;
    });
  },
  convolution: ({ inputs: [x, weight, bias], shape, attributes }, numbersOf) => {
    const sum =
      bias === undefined
        ? new Float64Array(elementCount(shape))
        : filledBy(shape, (index) => numbersOf(bias).at([get(index, 1)]));
    const [{ data: image }, { data: kernel }] = [numbersOf(x), numbersOf(weight)];
    forEachRow(attributes, x.shape, weight.shape, shape, ({ weightAt, xAt, step, yAt, count }) => {
      const factor = get(kernel, weightAt);
      for (let k = 0; k < count; k++)
        sum[yAt + k] = (sum[yAt + k] ?? Number.NaN) + factor * (image[xAt + k * step] ?? Number.NaN);
    });
    return sum;
  },
  convolutionInputGradient: ({ inputs: [upstream, weight], shape, attributes }, numbersOf) => {
    const sum = new Float64Array(elementCount(shape));
    const [{ data: arriving }, { data: kernel }] = [numbersOf(upstream), numbersOf(weight)];
    forEachRow(attributes, shape, weight.shape, upstream.shape, ({ weightAt, xAt, step, yAt, count }) => {
      const factor = get(kernel, weightAt);
      for (let k = 0, to = xAt; k < count; k++, to += step)
        sum[to] = (sum[to] ?? Number.NaN) + factor * (arriving[yAt + k] ?? Number.NaN);
    });
    return sum;
  },
  convolutionWeightGradient: ({ inputs: [x, upstream], shape, attributes }, numbersOf) => {
    const sum = new Float64Array(elementCount(shape));
    const [{ data: image }, { data: arriving }] = [numbersOf(x), numbersOf(upstream)];
    forEachRow(attributes, x.shape, shape, upstream.shape, ({ weightAt, xAt, step, yAt, count }) => {
      let total = get(sum, weightAt);
      for (let k = 0; k < count; k++)
        total += (image[xAt + k * step] ?? Number.NaN) * (arriving[yAt + k] ?? Number.NaN);
      sum[weightAt] = total;
    });
    return sum;
  },
  maxPool: ({ inputs: [x], shape, attributes: { kernel, stride, padding } }, numbersOf) => {
    const source = numbersOf(x);
    const [, , height = 0, width = 0] = x.shape;
    return filledBy(shape, ([n = 0, c = 0, i = 0, j = 0]) => {
      let largest = Number.NEGATIVE_INFINITY;
      for (const [v = 0, u = 0] of indicesOf(kernel)) {
        const [row, column] = [i * stride[0] + v - padding[0], j * stride[1] + u - padding[1]];
        if (row >= 0 && row < height && column >= 0 && column < width)
          largest = Math.max(largest, source.at([n, c, row, column]));
      }
      return largest;
    });
  },
  upsample: ({ inputs: [x], shape, attributes: { factor } }, numbersOf) => {
    const source = numbersOf(x);
    return filledBy(shape, ([n = 0, c = 0, i = 0, j = 0]) =>
      source.at([n, c, Math.floor(i / factor), Math.floor(j / factor)]),
    );
  },
  blockSum: ({ inputs: [x], shape, attributes: { factor } }, numbersOf) => {
    const { sum, add } = accumulator(shape);
    const source = numbersOf(x);
    for (const [n = 0, c = 0, i = 0, j = 0] of indicesOf(x.shape))
      add([n, c, Math.floor(i / factor), Math.floor(j / factor)], source.at([n, c, i, j]));
    return sum.data;
  },
};

function structural<P extends StructuralName>(
  tensor: TensorOf<P>,
  numbersOf: (input: Tensor) => Numbers,
  feeds: Feeds,
): Float64Array {
  const rule = rules[tensor.primitive];
  return rule(tensor, numbersOf, feeds);
}

const computed = (tensor: Tensor, numbersOf: (input: Tensor) => Numbers, feeds: Feeds): Numbers =>
  new Numbers(
    tensor.shape,
    byKind(
      tensor,
      (one) => elementwise(one, numbersOf),
      (one) => structural(one, numbersOf, feeds),
    ),
  );

/**
 * The values of tensors, in double precision.
 *
 * @throws where a value does not fill the shape that its tensor claims.
 */
export function interpret(tensors: readonly Tensor[], feeds: Feeds): readonly Numbers[] {
  const values = new Map<Tensor, Numbers>();
  const numbersOf = (tensor: Tensor): Numbers => {
    const value = values.get(tensor);
    if (value === undefined) throw new Error(`${tensor.primitive} is used before it is computed`);
    return value;
  };
  for (const tensor of topologicalOrder(tensors)) values.set(tensor, computed(tensor, numbersOf, feeds));
  return tensors.map(numbersOf);
}
