import { describe, test } from 'vitest';
import * as t from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { expectSpecial, type Filled, type Special } from './special.js';

const cpu = cpuRuntime();
const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];

const rows = (count: number, ...numbers: number[]): Filled => ({
  shape: [count, numbers.length / count],
  numbers,
});

/*
 * Derived by hand from what PyTorch documents: sum and mean hand every number on; amax shares its gradient evenly among equal
 * numbers; softmax takes the largest off first. What a maximum does with NaN depends on the device, as max says.
 */
const reductions: readonly Special[] = [
  {
    name: 'a sum of zeros, of infinity, of both, of no number, of huge ones, of tiny ones',
    of: (x) => t.sum(x, { axes: [1] }),
    inputs: [rows(6, 0, -0, inf, 1, inf, -inf, nan, 1, 3e38, 3e38, 1e-30, -1e-30)],
    upstream: [1, 2, 3, 4, 5, inf],
    value: [0, inf, nan, nan, inf, 0],
    gradients: [[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, inf, inf]],
  },
  {
    name: 'a sum of squares, which is taken without them',
    of: (x) => t.sum(t.square(x), { axes: [1] }),
    inputs: [rows(4, 0, 0, 1e30, 1, -inf, 0, nan, 1)],
    value: [0, inf, inf, nan],
    gradients: [[0, 0, 2e30, 2, -inf, 0, nan, 2]],
  },
  {
    name: 'a mean',
    of: (x) => t.mean(x, { axes: [1] }),
    inputs: [rows(4, 0, 0, inf, 1, 3e38, 3e38, nan, 1)],
    upstream: [2, 4, 6, inf],
    value: [0, inf, inf, nan],
    gradients: [[1, 1, 2, 2, 3, 3, inf, inf]],
  },
  {
    name: 'the largest of equal numbers, of infinities, of tiny and huge ones',
    of: (x) => t.max(x, 1),
    inputs: [rows(5, 2, 2, 1, 0, -0, 0, -inf, -inf, -inf, inf, inf, 1, -1e30, 1e-30, 0)],
    upstream: [2, 3, 3, 2, 7],
    value: [2, 0, -inf, inf, 1e-30],
    gradients: [[1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 7, 0]],
  },
  {
    name: 'a variance of equal numbers, and of an infinite one',
    of: (x) => t.mean(t.square(t.subtract(x, t.mean(x, { axes: [1], keepAxes: true }))), { axes: [1] }),
    inputs: [rows(2, 5, 5, inf, 1)],
    value: [0, nan],
    gradients: [[0, 0, nan, nan]],
  },
  {
    name: 'a softmax of equal and of huge numbers, and of no number',
    of: t.softmax,
    inputs: [rows(3, -1e30, -1e30, 1e30, -1e30, nan, 0)],
    upstream: [1, 0, 1, 0, 1, 0],
    value: [0.5, 0.5, 1, 0, nan, nan],
    gradients: [[0.25, -0.25, 0, 0, nan, nan]],
  },
  {
    name: 'a softmax with nothing but left-out numbers, and with infinity, is no number',
    of: t.softmax,
    inputs: [rows(2, -inf, -inf, inf, 0)],
    value: [nan, nan, nan, nan],
    gradients: [[nan, nan, nan, nan]],
  },
  {
    name: 'a product of matrices with zeros, infinities and no number',
    of: (a, b) => t.matmul(a, b),
    inputs: [rows(3, 0, 1, inf, 1, nan, 1), rows(2, 2, 0, 3, 0)],
    value: [3, 0, inf, nan, nan, nan],
    gradients: [
      [2, 3, 2, 3, 2, 3],
      [nan, nan, 3, 3],
    ],
  },
];

describe('reductions of special numbers, as PyTorch has it:', () => {
  test.each(reductions.map((special) => [special.name, special] as const))('%s', async (_, special) => {
    await expectSpecial(cpu(), special);
  });
});
