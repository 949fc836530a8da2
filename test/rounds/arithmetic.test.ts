import { describe, expect, test } from 'vitest';
import {
  areFinite,
  averageAfter,
  laneSeed,
  meanInOrder,
  momentsIn,
  normOf,
  outerStep,
  roundEnds,
  roundRule,
  type Tensors,
} from '#src/rounds/index.js';

const of = (...values: readonly number[]): Tensors => ({
  w: { data: Float32Array.from(values), shape: [values.length], dtype: 'float32' },
});
const numbers = (tensors: Tensors): readonly number[] => Array.from(tensors['w']?.data ?? [], Number);

describe('the mean of contributions', () => {
  test('is taken in their order, in double precision', () => {
    expect(numbers(meanInOrder([of(1, 2), of(3, 6)]))).toEqual([2, 4]);
    // In single precision 1e8 + 1 − 1e8 would be 0.
    expect(numbers(meanInOrder([of(1e8), of(1), of(-1e8)]))).toEqual([Math.fround(1 / 3)]);
  });

  test('of one is itself, bit by bit', () => {
    const values = Float32Array.of(0.1, 1e-40, -3.3e38, 1 / 3);
    expect(meanInOrder([of(...values)])['w']?.data).toEqual(values);
  });

  test('refuses what does not fit, and none', () => {
    expect(() => meanInOrder([of(1, 2), of(1)])).toThrow('w is not of 2 numbers');
    expect(() => meanInOrder([])).toThrow('nothing to take the mean of');
  });

  test('knows its norm, and what is not finite', () => {
    expect(normOf(of(3, 4))).toBe(5);
    expect([of(1, 2), of(1, Number.NaN), of(Number.POSITIVE_INFINITY)].map(areFinite)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the outer step', () => {
  test('with rate 1 and no momentum goes to what was found, bit by bit', () => {
    const found = of(0.1, -7.25, 1e-3);
    const { parameters } = outerStep({ parameters: of(0.3, 5, 1e3), velocity: {} }, found, {
      ...{ rate: 1, momentum: 0 },
    });
    expect(parameters).toEqual(found);
  });

  test('is Nesterov’s', () => {
    // As torch.optim.SGD(lr=0.5, momentum=0.5, nesterov=True) does it: δ = 2, then 1.
    const options = { rate: 0.5, momentum: 0.5 };
    const first = outerStep({ parameters: of(10), velocity: {} }, of(8), options);
    expect([numbers(first.velocity), numbers(first.parameters)]).toEqual([[2], [8.5]]);
    const second = outerStep(first, of(7.5), options);
    expect([numbers(second.velocity), numbers(second.parameters)]).toEqual([[2], [7.5]]);
  });

  test('is followed by the average as far as so many steps would', () => {
    expect(numbers(averageAfter(of(0), of(1), 0.5, 2))).toEqual([0.75]);
    expect(numbers(averageAfter(of(0), of(1), 0, 3))).toEqual([1]);
  });
});

describe('a round', () => {
  const rule = { quorum: 3, deadline: 60 };

  test.each([
    // All have answered, whatever the time.
    [{ workers: 4, good: 4, refused: 0, seconds: 1 }, true],
    [{ workers: 4, good: 1, refused: 3, seconds: 1 }, true],
    [{ workers: 4, good: 0, refused: 4, seconds: 1 }, true],
    // Enough have: only the time decides.
    [{ workers: 4, good: 3, refused: 0, seconds: 59 }, false],
    [{ workers: 4, good: 3, refused: 0, seconds: 60 }, true],
    // Too few have: waits.
    [{ workers: 4, good: 2, refused: 0, seconds: 1000 }, false],
    // There cannot be three any more: the two that are left are enough.
    [{ workers: 4, good: 2, refused: 2, seconds: 1 }, true],
    [{ workers: 4, good: 1, refused: 2, seconds: 1000 }, false],
    [{ workers: 4, good: 0, refused: 3, seconds: 1000 }, false],
  ])('%o ends: %s', (count, ends) => {
    expect(roundEnds(count, rule)).toBe(ends);
  });

  test('needs more than half, unless it is told', () => {
    expect([1, 2, 3, 4].map((workers) => roundRule(workers).quorum)).toEqual([1, 2, 2, 3]);
    expect(roundRule(4, { quorum: 4, deadline: 5 })).toEqual({ quorum: 4, deadline: 5 });
    expect(() => roundRule(2, { quorum: 3 })).toThrow(
      '`quorum` must be at most the number of workers, 2, got 3',
    );
  });
});

test('each member has batches of its own, the first those of a training without others', () => {
  const seeds = [0, 1, 7].flatMap((seed) => [0, 1, 2, 3].map((lane) => laneSeed(seed, lane)));
  expect([seeds[0], seeds[4], seeds[8]]).toEqual([0, 1, 7]);
  expect(new Set(seeds).size).toBe(12);
});

test('moments that a checkpoint names are found again, and damaged ones are none', () => {
  const own = { sha256: 'ab', age: 30 };
  expect(momentsIn(JSON.stringify([null, own]), 3)).toEqual([undefined, own, undefined]);
  expect(momentsIn('{}', 1)).toEqual([undefined]);
  expect(momentsIn(undefined, 1)).toEqual([undefined]);
});
