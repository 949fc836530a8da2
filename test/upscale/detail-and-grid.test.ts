import { expect, test } from 'vitest';
import type { Tensor } from '#src/tensor/index.js';
import { gradientsOf, trace } from '#src/tensor/index.js';
import { detailLoss, gridLoss } from '#src/upscale/index.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
const SIDE = 64;
const SHAPE = [1, 3, SIDE, SIDE] as const;

/** A grey picture: a value for each place. */
const grey = (of: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) =>
    of(i % SIDE, Math.floor((i % (SIDE * SIDE)) / SIDE)),
  );

const flat = grey(() => 0.5);
/** Stripes of a contrast, moved along by some pixels. */
const stripes = (height: number, moved = 0, period = 9): Float32Array =>
  grey((x) => 0.5 + height * Math.sin((2 * Math.PI * (x + moved)) / period));
/** A mesh of 4 pixels. */
const mesh = (height: number): Float32Array =>
  grey((x, y) => 0.5 + height * (x % 4 === 0 && y % 4 === 0 ? 1 : 0));

async function lossAndSlope(loss: (x: Tensor, y: Tensor) => Tensor, x: Float32Array, y: Float32Array) {
  const program = trace(({ input }) => {
    const [p, q] = [input('x', SHAPE), input('y', SHAPE)];
    const made = loss(p, q);
    const [slope = made] = gradientsOf(made, [p]);
    return { loss: made, slope };
  });
  const value = (data: Float32Array) => ({ data, shape: SHAPE, dtype: 'float32' }) as const;
  const found = await run(cpu(), program, { x: value(x), y: value(y) });
  return { loss: Number(found.loss?.data[0]), slope: Array.from(found.slope?.data ?? [], Number) };
}

const grid = (x: Tensor, y: Tensor): Tensor => gridLoss(x, y, 4);

test('the loss of detail sees its contrast, and not where its lines lie', async () => {
  const same = await lossAndSlope(detailLoss, stripes(0.2), stripes(0.2));
  const moved = await lossAndSlope(detailLoss, stripes(0.2, 2), stripes(0.2));
  const weak = await lossAndSlope(detailLoss, stripes(0.1), stripes(0.2));
  const none = await lossAndSlope(detailLoss, flat, stripes(0.2));
  expect(same.loss).toBe(0);
  expect(moved.loss).toBeLessThan(weak.loss / 5);
  // Half of the contrast is missing, and then all of it.
  expect(none.loss / weak.loss).toBeGreaterThan(1.8);
  // What is as fine as a mesh does not count: it would be the cheapest way to have contrast.
  const fine = await lossAndSlope(detailLoss, flat, stripes(0.2, 0, 4));
  expect(fine.loss).toBeLessThan(none.loss / 4);
  // It raises the lines that there are, and draws none into what is flat.
  const along = stripes(0.2).reduce((sum, v, i) => sum + (v - 0.5) * (weak.slope[i] ?? 0), 0);
  expect(along).toBeLessThan(0);
  expect(Math.max(...none.slope.map(Math.abs))).toBe(0);
});

test('the loss of the grid sees a mesh, and hardly detail that lies elsewhere', async () => {
  const same = await lossAndSlope(grid, mesh(0.1), mesh(0.1));
  const meshed = await lossAndSlope(grid, mesh(0.1), flat);
  const shifted = await lossAndSlope(
    grid,
    grey(() => 0.6),
    flat,
  );
  const moved = await lossAndSlope(grid, stripes(0.1, 2), stripes(0.1));
  expect(same.loss).toBe(0);
  // One of sixteen places is too light.
  expect(meshed.loss).toBeCloseTo(0.1 / 16, 6);
  expect(shifted.loss).toBeCloseTo(0.1, 5);
  // A sixth of its mean absolute error, 0.121.
  expect(moved.loss).toBeLessThan(0.121 / 5);
  const along = mesh(1).reduce((sum, v, i) => sum + (v - 0.5) * (meshed.slope[i] ?? 0), 0);
  expect(along).toBeGreaterThan(0);
});

test('sizes that cannot be are named', () => {
  const program = (loss: (x: Tensor, y: Tensor) => Tensor, a: readonly number[], b = a) =>
    trace(({ input }) => ({ loss: loss(input('x', a), input('y', b)) }));
  expect(() => program(detailLoss, [1, 3, 40, 64])).toThrow(/at least 41×41/);
  expect(() => program(detailLoss, [1, 3, 64, 64], [1, 3, 32, 64])).toThrow(/not of one size/);
  expect(() => program(grid, [1, 3, 64, 66])).toThrow(/multiples of 4/);
  expect(() => program(grid, [1, 3, 24, 64])).toThrow(/at least 28 pixels/);
});
