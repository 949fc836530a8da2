import { describe, expect, test } from 'vitest';
import * as t from '#src/tensor/index.js';
import type { Tensor } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { interpret } from './interpreter.js';
import { expectNear } from './special.js';
import { inf, nan, unary } from './special-rows.js';

const cpu = cpuRuntime();

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
