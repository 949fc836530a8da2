import type { Gradient } from './elementwise/declaration.js';
import { cast, divide, equal, multiply, subtract } from './elementwise/index.js';
import { sumTo } from './elementwise/sum-to.js';
import { blockGradients, convolutionGradients, maxPoolGradient } from './gradients-of-windows.js';
import {
  broadcastTo,
  gather,
  matmul,
  reshape,
  scatterAdd,
  slice,
  sum,
  transpose,
} from './operations/index.js';
import type { PrimitiveName, Primitives, StructuralName } from './primitives.js';
import { scatterSlice } from './scatter-slice.js';
import { extent } from './shape.js';

/** The gradient of a primitive, as a graph. */
export type GradientRule<P extends PrimitiveName> = Gradient<
  Primitives[P]['inputs'],
  Primitives[P]['attributes']
>;

/**
 * The rule of every primitive that does more than work on each number by itself: those have theirs in their declarations
 * (`elementwise/`). The formula stands where the code is not one already.
 */
export const structuralGradients: { readonly [P in StructuralName]: GradientRule<P> } = {
  input: () => [],
  constant: () => [],
  stopGradient: () => [undefined],

  reshape: ({ inputs: [x], upstream }) => [reshape(upstream, x.shape)],
  transpose: ({ attributes: { permutation }, upstream }) => [
    transpose(
      upstream,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  broadcast: ({ inputs: [x], upstream }) => [sumTo(upstream, x.shape)],
  slice: ({ inputs: [x], attributes, upstream }) => [scatterSlice(upstream, attributes, x.shape)],
  pad: ({ inputs: [x], attributes: { before }, upstream }) => [
    slice(upstream, ...x.shape.map((length, axis) => ({ axis, start: before[axis] ?? 0, length }))),
  ],
  concat: ({ inputs, attributes: { axis }, upstream }) => {
    let start = 0;
    return inputs.map((x) => {
      const length = extent(x.shape, axis);
      start += length;
      return slice(upstream, { axis, start: start - length, length });
    });
  },
  gather: ({ inputs: [table, indices], upstream }) => [
    scatterAdd(upstream, indices, extent(table.shape, 0)),
    undefined,
  ],
  scatterAdd: ({ inputs: [, indices], upstream }) => [gather(upstream, indices), undefined],

  sum: ({ inputs: [x], upstream }) => [broadcastTo(upstream, x.shape)],
  // Equal maxima share the gradient.
  max: ({ inputs: [x], attributes: { axis }, output, upstream }) => {
    const winners = cast(equal(x, output), 'float32');
    return [multiply(winners, divide(upstream, sum(winners, { axes: [axis], keepAxes: true })))];
  },
  // ds = s·(g − Σ g·s)
  softmax: ({ output, upstream }) => [
    multiply(output, subtract(upstream, sum(multiply(upstream, output), { axes: [-1], keepAxes: true }))),
  ],

  // C = A'·B' (A' = A or Aᵀ): dA' = G·B'ᵀ, dB' = A'ᵀ·G
  matmul: ({ inputs: [a, b], attributes: { transposeA, transposeB }, upstream }) => [
    sumTo(
      transposeA
        ? matmul(b, upstream, { transposeA: transposeB, transposeB: true })
        : matmul(upstream, b, { transposeB: !transposeB }),
      a.shape,
    ),
    sumTo(
      transposeB
        ? matmul(upstream, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, upstream, { transposeA: !transposeA }),
      b.shape,
    ),
  ],
  ...convolutionGradients,
  maxPool: maxPoolGradient,
  ...blockGradients,
};
