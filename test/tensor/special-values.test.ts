import { describe, expect, test } from 'vitest';
import type { Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { interpret } from './interpreter.js';
import { expectNear } from './special.js';

const cpu = cpuRuntime();
const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];

/** What a function of one number gives at a place, and its slope there: PyTorch's. */
type Row = readonly [x: number, value: number, slope: number];

const SQRT_2_PI = Math.sqrt(2 * Math.PI);
/** Exact zeros of both signs are one case: `0`. Float32 holds 1e-30 and 1e30, and their squares are 0 and infinite. */
const unary: Readonly<Record<string, { readonly of: (x: Tensor) => Tensor; readonly rows: readonly Row[] }>> =
  {
    absolute: {
      of: t.absolute,
      rows: [
        [0, 0, 0],
        [-inf, inf, -1],
        [1e-30, 1e-30, 1],
        [-1e30, 1e30, -1],
      ],
    },
    sign: {
      of: t.sign,
      rows: [
        [0, 0, 0],
        [-inf, -1, 0],
        [1e-30, 1, 0],
      ],
    },
    exp: {
      of: t.exp,
      rows: [
        [0, 1, 1],
        [-inf, 0, 0],
        [inf, inf, inf],
        [1e-30, 1, 1],
        [-1e30, 0, 0],
      ],
    },
    log: {
      of: t.log,
      rows: [
        [0, -inf, inf],
        [inf, inf, 0],
        [1, 0, 1],
        [1e-30, Math.log(1e-30), 1e30],
      ],
    },
    sqrt: {
      of: t.sqrt,
      rows: [
        [0, 0, inf],
        [inf, inf, 0],
        [1e-30, 1e-15, 0.5e15],
        [1e30, 1e15, 0.5e-15],
      ],
    },
    erf: {
      of: t.erf,
      rows: [
        [0, 0, 2 / Math.sqrt(Math.PI)],
        [-inf, -1, 0],
        [1e30, 1, 0],
      ],
    },
    tanh: {
      of: t.tanh,
      rows: [
        [0, 0, 1],
        [-inf, -1, 0],
        [1e30, 1, 0],
        [1e-30, 1e-30, 1],
      ],
    },
    sigmoid: {
      of: t.sigmoid,
      rows: [
        [0, 0.5, 0.25],
        [-inf, 0, 0],
        [inf, 1, 0],
        [1e30, 1, 0],
      ],
    },
    relu: {
      of: t.relu,
      rows: [
        [0, 0, 0],
        [-inf, 0, 0],
        [inf, inf, 1],
        [1e-30, 1e-30, 1],
      ],
    },
    step: {
      of: t.step,
      rows: [
        [0, 0, 0],
        [1e-30, 1, 0],
        [-1e-30, 0, 0],
      ],
    },
    leakyRelu: {
      of: (x) => t.leakyRelu(x, 0.2),
      rows: [
        [0, 0, 0.2],
        [-1, -0.2, 0.2],
        [-inf, -inf, 0.2],
      ],
    },
    gelu: {
      of: t.gelu,
      rows: [
        [0, 0, 0.5],
        [1e-30, 0.5e-30, 0.5],
        [-30, 0, 0],
        [30, 30, 1],
      ],
    },
    geluSlope: {
      of: t.geluSlope,
      rows: [
        [0, 0.5, 2 / SQRT_2_PI],
        [-30, 0, 0],
        [30, 1, 0],
      ],
    },
    softplus: {
      of: t.softplus,
      rows: [
        [0, Math.LN2, 0.5],
        [-20, Math.log1p(Math.exp(-20)), 1 / (1 + Math.exp(20))],
        [-60, Math.exp(-60), Math.exp(-60)],
        [-1, Math.log1p(Math.exp(-1)), 1 / (1 + Math.exp(1))],
        [2, Math.log1p(Math.exp(2)), 1 / (1 + Math.exp(-2))],
        [-inf, 0, 0],
        [inf, inf, 1],
        [1e30, 1e30, 1],
      ],
    },
    silu: {
      of: t.silu,
      rows: [
        [0, 0, 0.5],
        [1e30, 1e30, 1],
        [-1e30, 0, 0],
      ],
    },
    quickGelu: {
      of: t.quickGelu,
      rows: [
        [0, 0, 0.5],
        [1e30, 1e30, 1],
      ],
    },
    square: {
      of: t.square,
      rows: [
        [0, 0, 0],
        [1e-30, 0, 2e-30],
        [1e30, inf, 2e30],
        [-inf, inf, -inf],
      ],
    },
    'maximum with 0': {
      of: (x) => t.maximum(x, 0),
      rows: [
        [0, 0, 0.5],
        [-inf, 0, 0],
        [inf, inf, 1],
      ],
    },
    'minimum with 0': {
      of: (x) => t.minimum(x, 0),
      rows: [
        [0, 0, 0.5],
        [-inf, -inf, 1],
        [inf, 0, 0],
      ],
    },
    'a square by power': {
      of: (x) => t.power(x, 2),
      rows: [
        [0, 0, 0],
        [-3, 9, -6],
        [inf, inf, inf],
      ],
    },
    'power 1': {
      of: (x) => t.power(x, 1),
      rows: [
        [0, 0, 1],
        [-2, -2, 1],
      ],
    },
    'power 0': {
      of: (x) => t.power(x, 0),
      rows: [
        [0, 1, 0],
        [2, 1, 0],
        [-2, 1, 0],
      ],
    },
    'the power of 0': {
      of: (x) => t.power(0, x),
      rows: [
        [0, 1, 0],
        [2, 0, 0],
        [0.5, 0, 0],
        [-1, inf, -inf],
      ],
    },
    'the power of 2': {
      of: (x) => t.power(2, x),
      rows: [
        [0, 1, Math.LN2],
        [-inf, 0, 0],
        [3, 8, 8 * Math.LN2],
      ],
    },
    'a quotient by x': {
      of: (x) => t.divide(1, x),
      rows: [
        [inf, 0, 0],
        [0, inf, -inf],
        [1e-10, 1e10, -1e20],
      ],
    },
  };

describe('as PyTorch has it where numbers are special:', () => {
  test.each(Object.entries(unary))('%s', async (name, { of, rows }) => {
    const program = t.trace(({ input }) => {
      const x = input('x', [rows.length]);
      const y = of(x);
      const [slope = x] = t.gradientsOf(y, [x], t.broadcastTo(t.scalar(1), y.shape));
      return { y, slope };
    });
    const data = Float32Array.from(rows, ([x]) => x);
    const { y, slope } = await run(cpu(), program, { x: { data, shape: [rows.length], dtype: 'float32' } });
    for (const [i, [x, value, steepness]] of rows.entries()) {
      expectNear(Number(y?.data[i]), value, `${name} at ${x}`);
      expectNear(Number(slope?.data[i]), steepness, `the slope of ${name} at ${x}`);
    }
  });
});

/** The values of a function of vectors and the gradient of its weighted sum, in double precision and by ONNX Runtime. */
async function bothWays(
  of: (x: Tensor) => Tensor,
  shape: readonly number[],
  numbers: readonly number[],
  upstream: readonly number[],
) {
  const program = t.trace(({ input }) => {
    const [x, weights] = [input('x', shape), input('weights', shape)];
    const y = of(x);
    const [gradient = x] = t.gradientsOf(y, [x], weights);
    return { y, gradient };
  });
  const { y: value, gradient: slope } = program.outputs;
  const doubles = interpret(value === undefined || slope === undefined ? [] : [value, slope], {
    x: Float64Array.from(numbers),
    weights: Float64Array.from(upstream),
  });
  const { y, gradient } = await run(cpu(), program, {
    x: { data: Float32Array.from(numbers), shape, dtype: 'float32' },
    weights: { data: Float32Array.from(upstream), shape, dtype: 'float32' },
  });
  return [
    doubles.map(({ data }) => Array.from(data, (x) => x + 0)),
    [y, gradient].map((result) => Array.from(result?.data ?? [], (x: number | bigint) => Number(x) + 0)),
  ];
}

describe('vectors', () => {
  test('of nothing but zeros have a unit vector of zeros, and the gradient over ε', async () => {
    for (const [value, gradient] of await bothWays(t.l2Normalise, [2, 2], [0, 0, 3, 4], [1, -2, 1, 0])) {
      for (const [i, expected] of [0, 0, 0.6, 0.8].entries()) expect(value?.[i]).toBeCloseTo(expected, 6);
      expect((gradient?.[0] ?? nan) / 1e12).toBeCloseTo(1, 5);
      expect((gradient?.[1] ?? nan) / 1e12).toBeCloseTo(-2, 5);
      // (I − uuᵀ)·g / ‖x‖
      expect(gradient?.[2]).toBeCloseTo(0.64 / 5, 6);
      expect(gradient?.[3]).toBeCloseTo(-0.48 / 5, 6);
    }
  });

  test('a softmax of huge, of equal and of left-out numbers', async () => {
    for (const [value, gradient] of await bothWays(
      t.softmax,
      [3, 2],
      [1e30, 0, 7, 7, -inf, 0],
      [1, 0, 1, 0, 1, 0],
    )) {
      expect(value).toEqual([1, 0, 0.5, 0.5, 0, 1]);
      expect(gradient).toEqual([0, 0, 0.25, -0.25, 0, 0]);
    }
  });

  test('of equal numbers are standardised to zeros, with the gradient of ε alone', async () => {
    const standardised = (x: Tensor): Tensor => t.standardise(x, [-1], 1e-5);
    for (const [value, gradient] of await bothWays(standardised, [1, 2], [5, 5], [1, 0])) {
      expect(value).toEqual([0, 0]);
      expect(gradient?.[0]).toBeCloseTo(0.5 / Math.sqrt(1e-5), 3);
      expect(gradient?.[1]).toBeCloseTo(-0.5 / Math.sqrt(1e-5), 3);
    }
  });

  test('the logarithm of a softmax of huge numbers', async () => {
    for (const [value, gradient] of await bothWays(t.logSoftmax, [1, 2], [1e30, 0], [1, 1])) {
      expectNear(value?.[0] ?? nan, 0, 'of the larger');
      expectNear(value?.[1] ?? nan, -1e30, 'of the smaller');
      expect(gradient).toEqual([-1, 1]);
    }
  });

  test('losses of equal pictures and of logits of zero', async () => {
    const same = (x: Tensor): Tensor => t.broadcastTo(t.l1Loss(x, t.stopGradient(x)), [1]);
    const robust = (x: Tensor): Tensor => t.broadcastTo(t.charbonnierLoss(x, t.stopGradient(x)), [1]);
    const judged = (x: Tensor): Tensor => t.broadcastTo(t.binaryCrossEntropyWithLogits(x, 1), [1]);
    for (const [value, gradient] of await bothWays(same, [1], [0.5], [1])) {
      expect(value).toEqual([0]);
      expect(gradient).toEqual([0]);
    }
    for (const [value, gradient] of await bothWays(robust, [1], [0.5], [1])) {
      expect(value?.[0]).toBeCloseTo(1e-6, 9);
      expect(gradient).toEqual([0]);
    }
    for (const [value, gradient] of await bothWays(judged, [1], [0], [1])) {
      expect(value?.[0]).toBeCloseTo(Math.LN2, 6);
      expect(gradient?.[0]).toBeCloseTo(-0.5, 6);
    }
  });
});
