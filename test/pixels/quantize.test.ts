import { expect, test } from 'vitest';
import { quantize } from '#src/pixels/index.js';
import { pictureOf } from '../images/drawing.js';

test('numbers beyond the range become black or white, and those that are none are refused with their place', () => {
  const of = (value: number) =>
    pictureOf(2, 1, { data: Float32Array.of(-0.5, 0.5, 1.5, 0, value, 1), bitDepth: 8 });
  expect(quantize(of(0.25), 8)).toEqual(Uint8Array.of(0, 255, 64, 128, 0, 255));
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(() => quantize(of(value), 8)).toThrow('not a finite number at x 0, y 0');
});
