import type { Planes } from '#src/pixels/index.js';
import { expect, test } from 'vitest';
import { msSsim, msSsimLoss, psnr, psnrLoss, ssim, ssimLoss } from '#src/quality/index.js';
import type { Tensor, TensorValue } from '#src/tensor/index.js';
import { gradientsOf, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { pattern, withData } from './pictures.js';

const cpu = cpuRuntime();

type Loss = (x: Tensor, y: Tensor) => Tensor;

const tensorOf = ({ channels, height, width, data }: Planes): TensorValue => ({
  data,
  shape: [1, channels, height, width],
  dtype: 'float32',
});

/** A smooth picture in 8 bits, and the same with noise. */
function pair(width: number, height: number): readonly [Planes, Planes] {
  const rounded = (value: number): number => Math.round(255 * value) / 255;
  const smooth = withData(pattern(width, height), (_, i) =>
    rounded(0.5 + 0.3 * Math.sin((i % width) / 7) * Math.cos(i / width / 5)),
  );
  const noise = pattern(width, height, 3, 3);
  return [smooth, withData(smooth, (value, i) => rounded(value + 0.2 * ((noise.data[i] ?? 0) - 0.5)))];
}

async function lossAndSlope(loss: Loss, a: Planes, b: Planes) {
  const [x, y] = [tensorOf(a), tensorOf(b)];
  const program = trace(({ input }) => {
    const [p, q] = [input('x', x.shape), input('y', y.shape)];
    const made = loss(p, q);
    const [slope = made] = gradientsOf(made, [p]);
    return { loss: made, slope };
  });
  const { loss: found, slope } = await run(cpu(), program, { x, y });
  return { loss: Number(found?.data[0]), slope: Array.from(slope?.data ?? [], Number) };
}

const losses: readonly (readonly [string, Loss, (a: Planes, b: Planes) => number, number])[] = [
  ['ssimLoss', ssimLoss, (a, b) => 1 - ssim(a, b), 40],
  ['msSsimLoss', msSsimLoss, (a, b) => 1 - msSsim(a, b), 171],
  ['psnrLoss', psnrLoss, (a, b) => -psnr(a, b), 20],
];

test.each(losses)('%s is its measure, and falls along its gradient', async (_, loss, measure, side) => {
  const [smooth, noisy] = pair(side, side + 6);
  const { loss: before, slope } = await lossAndSlope(loss, noisy, smooth);
  const expected = measure(noisy, smooth);
  expect(Math.abs(before / expected - 1)).toBeLessThan(2e-5);

  const squared = slope.reduce((sum, value) => sum + value * value, 0);
  expect(squared).toBeGreaterThan(0);
  const length = (0.01 * Math.abs(before)) / squared;
  const nearer = withData(noisy, (value, i) => value - length * (slope[i] ?? 0));
  const { loss: after } = await lossAndSlope(loss, nearer, smooth);
  expect((before - after) / (0.01 * Math.abs(before))).toBeGreaterThan(0.9);
  expect((before - after) / (0.01 * Math.abs(before))).toBeLessThan(1.1);
});

test.each(losses)('%s of equal pictures has a gradient that is a number', async (name, loss, _, side) => {
  const [smooth] = pair(side, side);
  const { loss: found, slope } = await lossAndSlope(loss, smooth, smooth);
  expect(found).toBeCloseTo(name === 'psnrLoss' ? -80 : 0, 4);
  expect(slope.every(Number.isFinite)).toBe(true);
});

test('msSsimLoss of a negative has a gradient that is a number', async () => {
  const [smooth] = pair(171, 171);
  const { loss, slope } = await lossAndSlope(
    msSsimLoss,
    withData(smooth, (value) => 1 - value),
    smooth,
  );
  expect(loss).toBeGreaterThan(0.99);
  expect(slope.every(Number.isFinite)).toBe(true);
});

test('sizes that cannot be compared', () => {
  const traced = (loss: Loss, one: readonly number[], other: readonly number[]) => () =>
    trace(({ input }) => ({ loss: loss(input('x', one), input('y', other)) }));
  expect(traced(ssimLoss, [1, 3, 10, 20], [1, 3, 10, 20])).toThrow('at least 11×11');
  expect(traced(msSsimLoss, [1, 3, 160, 200], [1, 3, 160, 200])).toThrow('at least 161×161');
  expect(traced(ssimLoss, [1, 3, 20, 20], [1, 1, 20, 20])).toThrow('not of the same size');
});
