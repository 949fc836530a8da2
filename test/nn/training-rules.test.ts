import { describe, expect, test } from 'vitest';
import {
  adam,
  adamW,
  clippingFactor,
  constantSchedule,
  cosineSchedule,
  globalNorm,
  movingAverage,
  type Optimiser,
  sgd,
  stepSchedule,
  warmedUp,
} from '#src/nn/index.js';
import { input, type Tensor } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';

describe('schedules', () => {
  test('constant', () => {
    const rate = constantSchedule(0.1);
    expect([rate(0, 0), rate(500, 0.5), rate(1000, 1)]).toEqual([0.1, 0.1, 0.1]);
  });

  test('step: falls after so many steps, not before', () => {
    const rate = stepSchedule(1, 100, 0.5);
    expect([0, 99, 100, 199, 200, 1000].map((step) => rate(step, 0))).toEqual([
      1,
      1,
      0.5,
      0.5,
      0.25,
      1 / 1024,
    ]);
  });

  test('cosine: whole at the start, half way down in the middle, at its floor in the end', () => {
    const rate = cosineSchedule(2, { floor: 0.1 });
    expect(rate(0, 0)).toBe(2);
    expect(rate(0, 0.5)).toBeCloseTo(1.1, 12);
    expect(rate(0, 0.25)).toBeCloseTo(2 * (0.1 + 0.9 * 0.5 * (1 + Math.SQRT1_2)), 12);
    expect(rate(0, 1)).toBeCloseTo(0.2, 12);
    expect(cosineSchedule(2)(0, 1)).toBeCloseTo(0, 12);
    expect([rate(0, -1), rate(0, 7)]).toEqual([rate(0, 0), rate(0, 1)]);
  });

  test('cosine: rises over the steps of the warm-up, from above 0', () => {
    const rate = cosineSchedule(1, { warmUp: 4 });
    expect([0, 1, 2, 3, 4, 100].map((step) => rate(step, 0))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });
});

describe('a warm-up before any schedule', () => {
  test('rises over its steps, then leaves the schedule alone', () => {
    const rate = warmedUp(stepSchedule(1, 3, 0.5), 2);
    expect([0, 1, 2, 3, 6].map((step) => rate(step, 0))).toEqual([0.5, 1, 1, 0.5, 0.25]);
    expect(warmedUp(constantSchedule(0.3), 0)(0, 0)).toBe(0.3);
  });
});

describe('clipping', () => {
  const norm = (...values: number[][]): number => {
    const gradients = Object.fromEntries(values.map((list, i) => [`${i}`, input(`${i}`, [list.length])]));
    const feeds = Object.fromEntries(values.map((list, i) => [`${i}`, Float64Array.from(list)]));
    return interpret([globalNorm(gradients)], feeds)[0]?.data[0] ?? Number.NaN;
  };

  test('the norm runs over all gradients', () => {
    expect(norm([3], [4])).toBeCloseTo(5, 12);
    expect(norm([1, -2], [2, 4, -2, 6, 4])).toBeCloseTo(9, 12);
    expect(() => globalNorm({})).toThrow(/no gradients/);
  });

  test('the factor brings larger norms to the limit and leaves others', () => {
    expect(clippingFactor(10, 5)).toBe(0.5);
    expect(clippingFactor(5, 5)).toBe(1);
    expect(clippingFactor(0, 5)).toBe(1);
  });
});

/** Applies gradients one after the other to one number and returns it after each. */
function path(
  optimiser: Optimiser,
  start: number,
  gradients: readonly number[],
  rate: number,
  scale = 1,
): number[] {
  const scalars = {
    learningRate: input('rate', []),
    step: input('step', []),
    gradientScale: input('scale', []),
  };
  const slots: Record<string, Tensor> = Object.fromEntries(
    optimiser.slots.map((slot) => [slot, input(slot, [1])]),
  );
  const next = optimiser.update(input('p', [1]), input('g', [1]), slots, scalars);
  expect(Object.keys(next.slots)).toEqual(optimiser.slots);
  let state: Record<string, number> = { p: start, ...Object.fromEntries(optimiser.slots.map((s) => [s, 0])) };
  return gradients.map((g, i) => {
    const feeds = { ...state, g, rate, step: i + 1, scale };
    const values = interpret(
      [next.parameter, ...Object.values(next.slots)],
      Object.fromEntries(Object.entries(feeds).map(([name, x]) => [name, Float64Array.of(x)])),
    ).map(({ data }) => data[0] ?? Number.NaN);
    state = Object.fromEntries(['p', ...optimiser.slots].map((name, k) => [name, values[k] ?? Number.NaN]));
    return state['p'] ?? Number.NaN;
  });
}

const expectPath = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
};

describe('optimisers', () => {
  test('Adam: the first step is the rate, the second by hand', () => {
    // m = 0.05, v = 0.00025: m̂ = 0.5, √v̂ = 0.5. Then m = 0.02, v = 0.00031225: m̂ = 0.105263, √v̂ = 0.395225.
    expectPath(path(adam(), 1, [0.5, -0.25], 0.1), [0.9, 0.873366]);
  });

  test('Adam: the step does not depend on the size of the gradient', () => {
    expectPath(path(adam({ epsilon: 1e-12 }), 0, [1e-4, 1e-4], 0.1), [-0.1, -0.2]);
  });

  test('Adam: weight decay is part of the gradient', () => {
    // g + λp = −0.5 + 0.25·2 = 0: nothing moves.
    expectPath(path(adam({ weightDecay: 0.25 }), 2, [-0.5], 0.1), [2]);
  });

  test('AdamW: weight decay shrinks the parameter by itself', () => {
    expectPath(path(adamW({ weightDecay: 0.5 }), 1, [0.5], 0.1), [0.95 - 0.1]);
    expectPath(path(adamW(), 1, [0], 0.1), [0.999]);
  });

  test('SGD, plain, with momentum and with weight decay', () => {
    expectPath(path(sgd(), 1, [0.5, 0.5], 0.1), [0.95, 0.9]);
    expectPath(path(sgd({ momentum: 0.9 }), 1, [0.5, 0.5], 0.1), [0.95, 0.855]);
    expectPath(path(sgd({ weightDecay: 0.1 }), 1, [0.5], 0.1), [0.94]);
    expect(sgd().slots).toEqual([]);
  });

  test('the factor on the gradient comes before everything else', () => {
    expectPath(path(sgd({ momentum: 0.5 }), 1, [1, 1], 0.1, 0.5), [0.95, 0.875]);
    expectPath(path(sgd({ weightDecay: 0.1 }), 1, [1], 0.1, 0.5), [0.94]);
  });

  test('the moving average goes a share of the way', () => {
    const [average] = interpret([movingAverage(input('a', [2]), input('p', [2]), input('d', []))], {
      a: Float64Array.of(1, -1),
      p: Float64Array.of(2, 3),
      d: Float64Array.of(0.75),
    });
    expect([...(average?.data ?? [])]).toEqual([1.25, 0]);
  });
});
