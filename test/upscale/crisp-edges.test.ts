import { describe, expect, test } from 'vitest';
import { trace } from '#src/tensor/index.js';
import { crispEdges, crispReach } from '#src/upscale/index.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
const SIDE = 96;

/** A picture: a colour for each place. */
const drawn = (of: (x: number, y: number, channel: number) => number): Float32Array =>
  Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) =>
    of(i % SIDE, Math.floor(i / SIDE) % SIDE, Math.floor(i / SIDE ** 2)),
  );

async function crisp(data: Float32Array, scale = 4, strength = 1): Promise<Float32Array> {
  const shape = [1, 3, SIDE, SIDE];
  const program = trace(({ input }) => ({ y: crispEdges(input('x', shape), scale, strength) }));
  const { y } = await run(cpu(), program, { x: { data, shape, dtype: 'float32' } });
  return Float32Array.from(y?.data ?? [], Number);
}

/** An edge from dark to light, as soft as an enlargement by 4 leaves it, in any direction. */
const soft =
  (angle: number) =>
  (x: number, y: number): number => {
    const across = (x - SIDE / 2) * Math.cos(angle) + (y - SIDE / 2) * Math.sin(angle);
    return 0.2 + 0.6 / (1 + Math.exp(-across / 1.5));
  };
const at = (data: Float32Array, x: number, y: number, channel = 0): number =>
  data[(channel * SIDE + y) * SIDE + x] ?? Number.NaN;

/** How many pixels lie on the way from dark to light, per row or column. */
const halfway = (data: Float32Array): number =>
  data.reduce((count, value) => count + (value > 0.26 && value < 0.74 ? 1 : 0), 0) / 3 / SIDE;

describe('a soft edge', () => {
  test.each([0, 0.4, Math.PI / 4, 1.2, Math.PI / 2])('at %f radians becomes narrow', async (angle) => {
    const before = drawn(soft(angle));
    const after = await crisp(before);
    expect(halfway(after)).toBeLessThan(0.85 * halfway(before));
    // Without halos: no value beyond those that there were, and what is far from the edge is as it was.
    const [low, high] = [Math.min(...before), Math.max(...before)];
    expect(Math.min(...after)).toBeGreaterThanOrEqual(low - 1e-6);
    expect(Math.max(...after)).toBeLessThanOrEqual(high + 1e-6);
    expect(at(after, 4, 4)).toBeCloseTo(at(before, 4, 4), 5);
    // It lies where it lay.
    const sum = (data: Float32Array): number => data.reduce((total, value) => total + value, 0);
    expect(sum(after) / sum(before)).toBeCloseTo(1, 2);
  });

  test('becomes narrower the more is asked for, and stays with nothing', async () => {
    const before = drawn(soft(0.4));
    const widths = await Promise.all([0, 0.3, 0.6, 1].map(async (s) => halfway(await crisp(before, 4, s))));
    expect(widths[0]).toBeCloseTo(halfway(before), 6);
    for (const [i, width] of widths.entries()) if (i > 0) expect(width).toBeLessThan(widths[i - 1] ?? 0);
  });

  test('keeps its colour: the differences of the colours are as they were', async () => {
    const before = drawn((x, y, channel) => soft(0.4)(x, y) + 0.1 * (1 - channel));
    const after = await crisp(before);
    for (let i = 0; i < SIDE; i++) {
      expect(at(after, i, 40, 0) - at(after, i, 40, 1)).toBeCloseTo(0.1, 5);
      expect(at(after, i, 40, 1) - at(after, i, 40, 2)).toBeCloseTo(0.1, 5);
    }
  });
});

test('faint grain is not raised, plain texture is', async () => {
  const grain = (contrast: number) =>
    drawn((x, y) => 0.5 + contrast * Math.sin((2 * Math.PI * x) / 11) * Math.sin((2 * Math.PI * y) / 11));
  const faint = grain(0.01);
  const plain = grain(0.15);
  const contrast = (data: Float32Array): number => Math.hypot(...data.map((value) => value - 0.5));
  expect(await crisp(faint)).toEqual(faint);
  expect(contrast(await crisp(plain)) / contrast(plain)).toBeGreaterThan(1.05);
});

test.each([1, 2, 3, 4])('what lies beyond its reach does not count, enlarged by %d', async (scale) => {
  const busy = drawn((x, y) => 0.5 + 0.4 * Math.sin((x * x + y) / 37) * Math.cos(y / 3));
  const reach = crispReach(scale);
  const edge = 48 - (48 % scale);
  const changed = drawn((x, y) => (x > edge + reach ? 0.9 : at(busy, x, y)));
  const [before, after] = [await crisp(busy, scale), await crisp(changed, scale)];
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x <= edge; x++) expect(at(after, x, y)).toBeCloseTo(at(before, x, y), 5);
  expect(after).not.toEqual(before);
});
