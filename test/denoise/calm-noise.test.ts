import { expect, test } from 'vitest';
import { calmNoise, measureNoise } from '#src/denoise/index.js';
import type { Planes } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';

const side = 160;

/** Two flat halves with an edge between them, of three brightnesses. */
function halves(): Planes {
  const data = new Float32Array(3 * side * side);
  for (let i = 0; i < data.length; i++)
    data[i] = 0.3 + (i % side >= side / 2 ? 0.3 : 0) + 0.05 * Math.floor(i / side ** 2);
  return { channels: 3, width: side, height: side, data };
}

function noisy(picture: Planes, deviation: number): Planes {
  const random = createRandom(5);
  return { ...picture, data: picture.data.map((value) => value + deviation * random.normal()) };
}

const error = (a: Planes, b: Planes): number =>
  Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - (b.data[i] ?? 0)) ** 2, 0) / a.data.length);

test('most of the noise goes, in brightness and colour, and edges stay', () => {
  const clean = halves();
  const picture = noisy(clean, 8 / 255);
  const calm = calmNoise(picture, measureNoise(picture));
  expect(error(picture, clean)).toBeGreaterThan(7 / 255);
  expect(error(calm, clean)).toBeLessThan(3 / 255);
  const column = (x: number): number =>
    Array.from({ length: side }, (_, y) => calm.data[y * side + x] ?? 0).reduce((sum, v) => sum + v, 0) /
    side;
  expect(column(side / 2) - column(side / 2 - 1)).toBeGreaterThan(0.28);
});

test('a picture without noise, or in grey, is given back', () => {
  const clean = halves();
  // Two objects that differ would be printed whole.
  expect(calmNoise(clean, { ...measureNoise(clean), luma: 0 }) === clean).toBe(true);
  const grey = { ...clean, channels: 1, data: noisy(clean, 0.03).data.slice(0, side ** 2) };
  expect(calmNoise(grey, measureNoise(noisy(clean, 0.03))) === grey).toBe(true);
});
