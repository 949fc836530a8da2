import { blockGradients, convolutionGradients, maxPoolGradient } from './gradients-of-windows.js';
import {
  add,
  broadcastTo,
  cast,
  divide,
  equal,
  exp,
  gather,
  geluSlope,
  greater,
  leakyStep,
  log,
  matmul,
  multiply,
  negate,
  power,
  reshape,
  scatterAdd,
  sign,
  slice,
  step,
  subtract,
  sum,
  transpose,
  where,
} from './operations/index.js';
import type { PrimitiveName, Primitives } from './primitives.js';
import { extent } from './shape.js';
import { isPrimitive, type Shape, type Tensor } from './tensor.js';
import { scatterSlice } from './scatter-slice.js';

/** What a gradient rule may use: a rule that reads `inputs` or `output` keeps them alive until the backward pass. */
export interface GradientContext<P extends PrimitiveName> {
  readonly inputs: Primitives[P]['inputs'];
  readonly attributes: Primitives[P]['attributes'];
  readonly output: Tensor;
  /** dL/d output, of the output's shape. */
  readonly upstream: Tensor;
}

/** dL/d input for every input, in order; undefined where no gradient flows. */
export type GradientRule<P extends PrimitiveName> = (
  context: GradientContext<P>,
) => readonly (Tensor | undefined)[];

/** Undoes broadcasting: sums x over the axes that were stretched from `shape`. */
function sumTo(x: Tensor, shape: Shape): Tensor {
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((e, axis) =>
    axis < lead || (e !== 1 && shape[axis - lead] === 1) ? [axis] : [],
  );
  return axes.length === 0 ? x : reshape(sum(x, { axes, keepAxes: true }), shape);
}

/** Whether a tensor is known to have no zero: a constant, seen through broadcasts. */
function neverZero(tensor: Tensor): boolean {
  if (isPrimitive(tensor, 'broadcast')) return neverZero(tensor.inputs[0]);
  return (
    isPrimitive(tensor, 'constant') && !tensor.attributes.data.some((x: number | bigint) => Number(x) === 0)
  );
}

/** 1 where a wins, ½ where both are equal. */
const share = (a: Tensor, b: Tensor): Tensor =>
  add(cast(greater(a, b), 'float32'), multiply(cast(equal(a, b), 'float32'), 0.5));

/** The rule of every primitive; the formula stands where the code is not one already. */
export const gradientRules: { readonly [P in PrimitiveName]: GradientRule<P> } = {
  input: () => [],
  constant: () => [],
  stopGradient: () => [undefined],

  negate: ({ upstream }) => [negate(upstream)],
  absolute: ({ inputs: [x], upstream }) => [multiply(upstream, sign(x))],
  sign: () => [undefined],
  exp: ({ output, upstream }) => [multiply(upstream, output)],
  log: ({ inputs: [x], upstream }) => [divide(upstream, x)],
  // d√x = 1 / (2√x)
  sqrt: ({ output, upstream }) => [divide(multiply(upstream, 0.5), output)],
  // d erf(x) = 2/√π · e^(−x²)
  erf: ({ inputs: [x], upstream }) => [
    multiply(upstream, multiply(exp(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI))),
  ],
  // d tanh = 1 − tanh²
  tanh: ({ output, upstream }) => [multiply(upstream, subtract(1, multiply(output, output)))],
  // dσ = σ(1 − σ)
  sigmoid: ({ output, upstream }) => [multiply(upstream, multiply(output, subtract(1, output)))],
  relu: ({ output, upstream }) => [multiply(upstream, step(output))],
  step: () => [undefined],
  gelu: ({ inputs: [x], upstream }) => [multiply(upstream, geluSlope(x))],
  // d(Φ + x·φ) = (2 − x²)·φ, φ = e^(−x²/2) / √2π
  geluSlope: ({ inputs: [x], upstream }) => {
    const squared = multiply(x, x);
    const density = multiply(exp(multiply(squared, -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [multiply(upstream, multiply(subtract(2, squared), density))];
  },
  // The output has the sign of x.
  leakyRelu: ({ output, attributes: { slope }, upstream }) => [multiply(upstream, leakyStep(output, slope))],
  leakyStep: () => [undefined],
  cast: ({ inputs: [x], upstream }) => [x.dtype === 'float32' ? cast(upstream, 'float32') : undefined],

  add: ({ inputs: [a, b], upstream }) => [sumTo(upstream, a.shape), sumTo(upstream, b.shape)],
  subtract: ({ inputs: [a, b], upstream }) => [sumTo(upstream, a.shape), negate(sumTo(upstream, b.shape))],
  // Of a square 2a: where the upstream gradient is one number for many, doubling that one costs least.
  multiply: ({ inputs: [a, b], upstream }) =>
    a === b
      ? [multiply(multiply(upstream, 2), a), undefined]
      : [sumTo(multiply(upstream, b), a.shape), sumTo(multiply(upstream, a), b.shape)],
  // d(a/b) = da/b − (a/b)·db/b
  divide: ({ inputs: [a, b], output, upstream }) => [
    sumTo(divide(upstream, b), a.shape),
    negate(sumTo(multiply(upstream, divide(output, b)), b.shape)),
  ],
  // d(aᵇ) = b·aᵇ⁻¹·da + aᵇ·ln a·db; of a⁰ by a, and of 0ᵇ by b where b ≥ 0, it is 0, and the formula 0·∞.
  power: ({ inputs: [a, b], output, upstream }) => {
    const byBase = multiply(b, power(a, subtract(b, 1)));
    const byExponent = multiply(output, log(a));
    return [
      sumTo(multiply(upstream, neverZero(b) ? byBase : where(equal(b, 0), 0, byBase)), a.shape),
      sumTo(
        multiply(
          upstream,
          neverZero(a) ? byExponent : where(equal(a, 0), where(greater(0, b), byExponent, 0), byExponent),
        ),
        b.shape,
      ),
    ];
  },
  maximum: ({ inputs: [a, b], upstream }) => [
    sumTo(multiply(upstream, share(a, b)), a.shape),
    sumTo(multiply(upstream, share(b, a)), b.shape),
  ],
  minimum: ({ inputs: [a, b], upstream }) => [
    sumTo(multiply(upstream, share(b, a)), a.shape),
    sumTo(multiply(upstream, share(a, b)), b.shape),
  ],
  equal: () => [undefined, undefined],
  greater: () => [undefined, undefined],
  where: ({ inputs: [condition, a, b], upstream }) => [
    undefined,
    sumTo(where(condition, upstream, 0), a.shape),
    sumTo(where(condition, 0, upstream), b.shape),
  ],

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
