import { describe, expect, test } from 'vitest';
import { endsOf, linearScale, logScale, type Scale } from '#src/report/scale.js';

const labels = ({ ticks }: Scale): readonly string[] =>
  ticks.map(({ label }) => label).filter((label) => label !== '');

describe('ends', () => {
  test.each<readonly [readonly number[], readonly [number, number]]>([
    [
      [3, 1, 2],
      [1, 3],
    ],
    [[], [0, 1]],
    [
      [4, 4],
      [3.6, 4.4],
    ],
    [[0], [-1, 1]],
    [[-2], [-2.2, -1.8]],
    [
      [1, Number.POSITIVE_INFINITY, Number.NaN, 2],
      [1, 2],
    ],
  ])('of %j', (values, ends) => {
    expect(endsOf(values)).toEqual(ends);
  });
});

describe('a linear scale', () => {
  test.each<readonly [readonly [number, number], number, readonly string[]]>([
    [[28.52, 31.25], 50, ['28', '29', '30', '31', '32']],
    [[0, 7358], 25, ['0', '1,000', '2,000', '3,000', '4,000', '5,000', '6,000', '7,000', '8,000']],
    [[4e-5, 5e-4], 40, ['0.0000', '0.0001', '0.0002', '0.0003', '0.0004', '0.0005']],
    [[-0.2, 0.3], 33, ['-0.2', '-0.1', '0.0', '0.1', '0.2', '0.3']],
    [[0, 3e6], 60, ['0', '1M', '2M', '3M']],
    [[1e-7, 4e-7], 60, ['1e-7', '2e-7', '3e-7', '4e-7']],
    [[0.3, 0.7], 50, ['0.3', '0.4', '0.5', '0.6', '0.7']],
  ])('of %j, whole, at least %d pixels between ticks of 200', (values, gap, expected) => {
    const scale = linearScale(values, [200, 0], gap, true);
    expect(labels(scale)).toEqual(expected);
    expect(scale.place(scale.ticks[0]?.value ?? Number.NaN)).toBeCloseTo(200, 9);
    expect(scale.place(scale.ticks.at(-1)?.value ?? Number.NaN)).toBeCloseTo(0, 9);
  });

  test('ends at the values where it is not whole', () => {
    const scale = linearScale([0, 7358], [40, 580], 62, false);
    expect(labels(scale).at(-1)).toBe('7,000');
    expect([scale.place(0), scale.place(7358)]).toEqual([40, 580]);
  });
});

describe('a logarithmic scale', () => {
  test.each<readonly [readonly [number, number], readonly string[]]>([
    [
      [0.004, 0.09],
      ['0.005', '0.01', '0.02', '0.03', '0.05'],
    ],
    [
      [0.007, 20],
      ['0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1', '2', '5', '10', '20'],
    ],
    [
      [1, 7],
      ['1', '2', '3', '5'],
    ],
    [
      [1e-9, 1e3],
      [
        '1e-9',
        '1e-8',
        '1e-7',
        '1e-6',
        '0.00001',
        '0.0001',
        '0.001',
        '0.01',
        '0.1',
        '1',
        '10',
        '100',
        '1,000',
      ],
    ],
  ])('of %j on 200 pixels', (values, expected) => {
    expect(labels(logScale(values, [200, 0], 15))).toEqual(expected);
  });

  test('gives each factor the same room, and leaves out decades where there are many', () => {
    const scale = logScale([1e-30, 1e30], [0, 300], 15);
    expect(scale.place(1)).toBeCloseTo(150, 9);
    expect(scale.place(1e15)).toBeCloseTo(225, 9);
    expect(labels(scale)).toHaveLength(21);
  });
});
