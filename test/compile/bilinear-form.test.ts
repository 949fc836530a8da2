import { describe, expect, test } from 'vitest';
import { evaluate, extentOf, fitBilinearForm, probes } from '#src/compile/bilinear-form.js';

const valuesOf = (rule: (rows: number, columns: number) => number): number[] =>
  probes.map(({ rows, columns }) => rule(rows, columns));

describe('a number that follows the size of a picture', () => {
  test.each([
    ['5', () => 5, [5, 0, 0, 0]],
    ['8h', (h: number) => 8 * h, [0, 8, 0, 0]],
    ['2w − 3', (_: number, w: number) => 2 * w - 3, [-3, 0, 2, 0]],
    ['hw', (h: number, w: number) => h * w, [0, 0, 0, 1]],
    ['(2h + 4)(3w − 1)', (h: number, w: number) => (2 * h + 4) * (3 * w - 1), [-4, -2, 12, 6]],
  ] as const)('%s is found', (_, rule, [constant, perRow, perColumn, perCell]) => {
    const form = fitBilinearForm(valuesOf(rule));
    expect(form).toEqual({ constant, perRow, perColumn, perCell });
    if (form === undefined) expect.fail();
    expect(evaluate(form, { rows: 1, columns: 1 })).toBe(rule(1, 1));
    expect(evaluate(form, { rows: 5000, columns: 3001 })).toBe(rule(5000, 3001));
  });

  test.each([
    ['h²', (h: number) => h * h],
    ['⌊h/2⌋', (h: number) => Math.floor(h / 2)],
    ['max(h, w)', (h: number, w: number) => Math.max(h, w)],
    ['60 from 60 rows on', (h: number) => Math.min(h, 60)],
    ['(h·w)²', (h: number, w: number) => (h * w) ** 2],
    ['h/3', (h: number) => h / 3],
  ] as const)('%s is none of this kind', (_, rule) => {
    expect(fitBilinearForm(valuesOf(rule))).toBeUndefined();
  });

  test('no list of values that is too short is taken', () => {
    expect(fitBilinearForm([1, 1, 1, 1])).toBeUndefined();
  });
});

test('an extent has a name that tells its form', () => {
  const form = { constant: 0, perRow: 0, perColumn: 0, perCell: 0 };
  expect(extentOf({ ...form, constant: 12 }, 2)).toBe(12);
  expect(extentOf({ ...form, perRow: 1 }, 1)).toBe('height');
  expect(extentOf({ ...form, perColumn: 1 }, 1)).toBe('width');
  expect(extentOf({ ...form, perRow: 1 }, 2)).toBe('1*rows');
  expect(extentOf({ constant: -3, perRow: 4, perColumn: 2, perCell: 8 }, 2)).toBe(
    '8*rows*columns + 4*rows + 2*columns + -3',
  );
});
