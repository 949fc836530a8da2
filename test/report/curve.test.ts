import { describe, expect, it } from 'vitest';
import { curveBuilder, smoothed } from '#src/report/curve.js';

describe('a curve of many steps', () => {
  const builder = curveBuilder(100);
  const values = Array.from({ length: 20_000 }, (_, i) => (i === 12_345 ? 50 : Math.sin(i)));
  for (const [i, value] of values.entries()) builder.add({ step: i + 1, seconds: i / 10, value });
  const curve = builder.curve();
  if (curve === undefined) throw new Error('there is no curve');
  const { points } = curve;

  it('has few points, in order, that stand for all values', () => {
    expect(points.length).toBeGreaterThan(50);
    expect(points.length).toBeLessThanOrEqual(100);
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
    const mean = points.reduce((sum, point) => sum + point.mean * point.count, 0) / values.length;
    expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 10);
    for (const { step, seconds } of points) expect(seconds).toBeCloseTo((step - 1) / 10, 6);
    expect(points.map(({ step }) => step)).toEqual(points.map(({ step }) => step).sort((a, b) => a - b));
  });

  it('keeps the peak, and the first and the last value', () => {
    expect(Math.max(...points.map(({ max }) => max))).toBe(50);
    expect(curve.highest).toEqual({ step: 12_346, seconds: 1234.5, value: 50 });
    expect(curve.first.value).toBe(0);
    expect(curve.last).toEqual({ step: 20_000, seconds: 1999.9, value: Math.sin(19_999) });
    expect(curve.lowest.value).toBeCloseTo(-1, 4);
  });
});

describe('smoothing', () => {
  const points = (values: readonly number[]) => {
    const builder = curveBuilder();
    for (const [i, value] of values.entries()) builder.add({ step: i, seconds: i, value });
    return builder.curve()?.points ?? [];
  };

  it('leaves a constant as it is and takes the noise from a line', () => {
    for (const value of smoothed(points(Array.from({ length: 90 }, () => 3))))
      expect(value).toBeCloseTo(3, 12);
    const noisy = Array.from({ length: 300 }, (_, i) => i + (i % 2 === 0 ? 10 : -10));
    const inside = smoothed(points(noisy)).slice(30, -30);
    for (const [i, value] of inside.entries()) expect(value).toBeCloseTo(i + 30, 1);
  });

  it('takes one point, and none', () => {
    expect(smoothed(points([7]))).toEqual([7]);
    expect(smoothed([])).toEqual([]);
  });
});

it('a curve without values is none', () => {
  expect(curveBuilder().curve()).toBeUndefined();
});
