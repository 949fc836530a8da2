import { expect, test } from 'vitest';
import { psnr } from '#src/quality/index.js';
import { pattern, refusal, withData } from './pictures.js';

const flat = (value: number) => withData(pattern(4, 3), () => value);

test('equal pictures, the greatest difference, and one grey level', () => {
  expect(psnr(pattern(5, 4), pattern(5, 4))).toBe(Number.POSITIVE_INFINITY);
  expect(psnr(flat(0), flat(1))).toBe(0);
  expect(psnr(flat(100 / 255), flat(101 / 255))).toBeCloseTo(20 * Math.log10(255), 12);
});

test('the error is the mean over all channels together', () => {
  const a = pattern(4, 3);
  const b = withData(a, (value, i) => (i < 12 ? 1 - value : value));
  const squares = [...a.data.subarray(0, 12)].map((value) => Math.round(255 * (1 - 2 * value)) ** 2);
  const mean = squares.reduce((sum, square) => sum + square, 0) / 36;
  expect(psnr(a, b)).toBeCloseTo(10 * Math.log10(255 ** 2 / mean), 10);
});

test('values are rounded half to even and clamped to 8 bits before they are compared', () => {
  expect(psnr(flat(-3), flat(0))).toBe(Number.POSITIVE_INFINITY);
  expect(psnr(flat(7), flat(1))).toBe(Number.POSITIVE_INFINITY);
  expect(psnr(flat(100.4 / 255), flat(99.6 / 255))).toBe(Number.POSITIVE_INFINITY);
  expect(psnr(flat(127.5 / 255), flat(128 / 255))).toBe(Number.POSITIVE_INFINITY);
});

test('without rounding the values are compared as they are', () => {
  const a = withData(pattern(4, 3), () => 0.5);
  const b = withData(a, () => 0.5 + 2 ** -12);
  expect(psnr(a, b)).toBe(Number.POSITIVE_INFINITY);
  expect(psnr(a, b, { eightBit: false })).toBeCloseTo(240 * Math.log10(2), 10);
});

test('pictures that cannot be compared', () => {
  expect(refusal(() => psnr(pattern(4, 3), pattern(3, 4)))).toBe(
    'PSNR compares pictures of the same size; these have 4×3×3 and 3×4×3 (width × height × channels)',
  );
  expect(refusal(() => psnr(pattern(4, 3, 1), pattern(4, 3)))).toContain('4×3×1 and 4×3×3');
  const broken = withData(pattern(4, 3), (value, i) => (i === 17 ? Number.NaN : value));
  expect(refusal(() => psnr(broken, pattern(4, 3), { eightBit: false }))).toContain('a value that is not');
  expect(refusal(() => psnr(pattern(4, 3), broken))).toContain('not a number at x 1, y 1');
});
