import { expect, test } from 'vitest';
import { withCalmEdges } from '#src/denoise/restrain/calm-edges.js';
import { plainEdges } from '#src/denoise/restrain/plain-edges.js';
import type { RowsTaker } from '#src/denoise/restrain/restrain.js';
import { createRandom } from '#src/random.js';

const deviation = 4 / 255;
const sure = { luma: deviation, evidence: 1 };

/** Dark at the left of a slanted edge and bright at its right, as sharp as a lens makes it. */
const edge = (width: number, height: number): Float32Array =>
  Float32Array.from({ length: width * height }, (_, i) => {
    const far = (i % width) - width / 2 - 0.3 * (Math.floor(i / width) - height / 2);
    return 0.3 + 0.4 / (1 + Math.exp(-2 * far));
  });

/** The same numbers with noise. */
function noisy(clean: Float32Array, amount = deviation): Float32Array {
  const random = createRandom(3);
  return clean.map((value) => value + amount * random.normal());
}

/** What comes of a grey picture in three channels whose rows are given on one by one. */
function calmed(
  luma: Float32Array,
  width: number,
  noise: typeof sure = sure,
  how: { luma: number; mask?: Float32Array } = { luma: 1 },
): Float32Array {
  const height = luma.length / width;
  const result = new Float32Array(luma.length);
  const order: number[] = [];
  const write: RowsTaker = (y, rows) => {
    order.push(y);
    for (const row of rows) expect(row[0]).toBe(rows[0]?.[0]);
    result.set(rows[0] ?? [], y * width);
  };
  const take = withCalmEdges(write, { channels: 3, width, height }, noise, how);
  for (let y = 0; y < height; y++) {
    const row = luma.slice(y * width, (y + 1) * width);
    take(y, [row, row.slice(), row.slice()]);
  }
  expect(order).toEqual(Array.from({ length: height }, (_, y) => y));
  return result;
}

const error = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length);

test('edges are plain where brightness changes one way and by more than noise', () => {
  const [width, height] = [40, 30];
  const middle = (map: Float32Array): number => map[15 * width + 20] ?? 0;
  expect(middle(plainEdges(noisy(edge(width, height)), width, deviation))).toBeGreaterThan(0.95);
  const flat = plainEdges(noisy(new Float32Array(width * height).fill(0.5)), width, deviation);
  expect(flat.filter((share) => share > 0.1).length / flat.length).toBeLessThan(0.01);
  const checks = Float32Array.from({ length: width * height }, (_, i) =>
    ((i % width) >> 2) % 2 === (Math.floor(i / width) >> 2) % 2 ? 0.3 : 0.7,
  );
  const corners = plainEdges(checks, width, deviation);
  expect(corners[12 * width + 12]).toBe(0);
});

test('what is left of noise along an edge is calmed, and the edge stays as sharp', () => {
  const [width, height] = [24, 400];
  const clean = edge(width, height).map((_, i) => edge(width, 1)[i % width] ?? 0);
  const left = noisy(clean, deviation / 2);
  const result = calmed(left, width);
  const near = (map: Float32Array): Float32Array => map.filter((_, i) => Math.abs((i % width) - 12) <= 1);
  expect(error(near(result), near(clean))).toBeLessThan(0.75 * error(near(left), near(clean)));
  // Far from the edge nothing changes.
  expect(result[5 * width + 2]).toBe(left[5 * width + 2]);
  expect(error(calmed(clean, width), clean)).toBeLessThan(1e-3);
});

test('rows do not depend on the strips in which they are worked on', () => {
  const [width, height] = [24, 400];
  const left = noisy(edge(width, height), deviation / 2);
  const whole = calmed(left, width);
  const from = 77;
  const part = calmed(left.slice(from * width), width);
  const inner = 30 * width;
  expect(error(part.slice(inner), whole.slice(from * width + inner))).toBeLessThan(1e-6);
});

test('as much of it is done as is asked for', () => {
  const [width, height] = [24, 40];
  const left = noisy(edge(width, height), deviation / 2);
  const whole = error(calmed(left, width), left);
  expect(whole).toBeGreaterThan(0);
  expect(error(calmed(left, width, sure, { luma: 0.5 }), left)).toBeCloseTo(whole / 2, 5);
  for (const [noise, how] of [
    [{ ...sure, evidence: 0 }, { luma: 1 }],
    [{ ...sure, luma: 0 }, { luma: 1 }],
    [sure, { luma: 0 }],
    [sure, { luma: 1, mask: new Float32Array(width * height) }],
  ] as const)
    expect(calmed(left, width, noise, how)).toEqual(left);
});
