import { describe, expect, test } from 'vitest';
import { damage } from '#src/quality/index.js';
import { createRandom } from '#src/random.js';
import {
  changeExposure,
  discKernel,
  drawTowards,
  fade,
  flaws,
  inEightBits,
  motionBlur,
} from '#src/upscale/index.js';
import { drawPlanes, flat } from './drawing.js';

const picture = drawPlanes(96, 80);

describe.each(flaws)('$name', ({ apply }) => {
  test('damages more the stronger it is, and stays a picture of the same size', async () => {
    const [weak, strong] = [
      await apply(picture, 0.1, createRandom(3)),
      await apply(picture, 1, createRandom(3)),
    ];
    expect([strong.width, strong.height, strong.channels]).toEqual([96, 80, 3]);
    expect(strong.data.every((value) => Number.isFinite(value))).toBe(true);
    expect(damage(inEightBits(strong), picture)).toBeGreaterThan(damage(inEightBits(weak), picture));
  });

  test('is drawn from the generator alone', async () => {
    const [one, again] = [
      await apply(picture, 0.6, createRandom(5)),
      await apply(picture, 0.6, createRandom(5)),
    ];
    expect(again.data).toEqual(one.data);
  });
});

test('a disc weighs 1 and is as wide as it should be', () => {
  const { size, weights } = discKernel(3);
  expect(size).toBe(7);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  expect(weights[0]).toBe(0);
  expect(weights[3 * 7 + 3]).toBe(weights[3 * 7 + 4]);
});

test('motion smears along its line and not across', () => {
  const point = flat(0, 41, 41, 1);
  point.data[20 * 41 + 20] = 1;
  const { data } = motionBlur(point, 10, 0);
  const columns = [...data.entries()].filter(([, value]) => value > 0);
  expect(columns.every(([i]) => Math.floor(i / 41) === 20)).toBe(true);
  expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  expect(columns.length).toBeGreaterThanOrEqual(9);
});

test('a stop halves the light, not the value', () => {
  const { data } = changeExposure(flat(0.8, 2, 2, 1), -1);
  expect((data[0] ?? 0) ** 2.2).toBeCloseTo(0.8 ** 2.2 / 2, 2);
});

test('haze keeps its level, and fading keeps grey', () => {
  expect(drawTowards(flat(0.9, 2, 2, 1), 0.5, 0.25).data[0]).toBeCloseTo(0.6, 6);
  const grey = flat(0.4, 4, 4);
  expect(fade(grey, 0).data[5]).toBeCloseTo(0.4, 6);
});
