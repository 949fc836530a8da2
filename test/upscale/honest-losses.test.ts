import { expect, test } from 'vitest';
import { lpipsLoss } from '#src/quality/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { gradientsOf, grouped, l1Loss, multiply, trace, upsampleNearest } from '#src/tensor/index.js';
import { pixelObjective, TEACHER } from '#src/upscale/index.js';
import { constantValue } from '#src/nn/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { madeBackbone, madeHeads } from '../models/distances.js';

const cpu = cpuRuntime();
const wave = (side: number, phase: number): TensorValue => ({
  data: Float32Array.from({ length: 3 * side ** 2 }, (_, i) => 0.5 + 0.4 * Math.sin(i * 0.37 + phase)),
  shape: [1, 3, side, side],
  dtype: 'float32',
});

test('the pixel stage adds up its losses, each with its weight, and learns by their sum', async () => {
  const [low, high] = [wave(12, 0), wave(24, 1)];
  const [backbone, heads] = [madeBackbone('squeeze'), madeHeads('squeeze')];
  const lesson = {
    ...{ network: (_: unknown, x: Parameters<typeof upsampleNearest>[0]) => upsampleNearest(x, 2), scale: 2 },
    ...{ size: { batch: 1, patch: 24 }, sharpened: false },
  };
  const { loss } = pixelObjective(lesson, {
    honest: { pixel: 0.5, perceptual: 0, lpips: { network: 'squeeze', weight: 0.2 } },
    frozen: { ...grouped('lpips', backbone), ...grouped('lpips-heads', heads) },
  });
  const program = trace(({ input, inputs }) => {
    const [small, large] = [input('low', low.shape), input('high', high.shape)];
    const [net, own] = [inputs('net', backbone), inputs('own', heads)];
    const [together, made] = [loss({}, { low: small, high: large }), upsampleNearest(small, 2)];
    const [slope = together] = gradientsOf(together, [small]);
    return {
      together,
      slope,
      pixel: l1Loss(made, large),
      lpips: lpipsLoss('squeeze', { backbone: net, heads: own }, made, large),
    };
  });
  const found = await run(cpu(), program, {
    ...{ low, high },
    ...grouped('net', backbone),
    ...grouped('own', heads),
  });
  const number = (name: string): number => Number(found[name]?.data[0]);
  expect(number('lpips')).toBeGreaterThan(0.01);
  expect(number('together')).toBeCloseTo(0.5 * number('pixel') + 0.2 * number('lpips'), 5);
  // The pixels alone would pull every number by the same amount, or not at all.
  expect(new Set(Array.from(found['slope']?.data ?? [], Number)).size).toBeGreaterThan(100);
});

test('with a teacher the pixel stage compares with what the teacher makes, and does not ask for large pictures', async () => {
  const low = wave(12, 0);
  const values = Array.from(wave(12, 0).data, Number);
  const lesson = {
    ...{ network: (_: unknown, x: Parameters<typeof upsampleNearest>[0]) => upsampleNearest(x, 2), scale: 2 },
    ...{ size: { batch: 1, patch: 24 }, sharpened: false },
  };
  const { loss, inputs } = pixelObjective(lesson, {
    teacher: (parameters, x) =>
      multiply(upsampleNearest(x, 2), parameters.parameter('gain', [1], constantValue(1))),
    frozen: grouped(TEACHER, { gain: { data: Float32Array.of(1.4), shape: [1], dtype: 'float32' } }),
  });
  expect(Object.keys(inputs)).toEqual(['low', 'clean']);
  const program = trace(({ input }) => ({
    loss: loss({}, { low: input('low', low.shape), clean: input('clean', low.shape) }),
  }));
  const found = await run(cpu(), program, { low, clean: low });
  const differences = values.map((value) => Math.abs(value - Math.min(1, 1.4 * value)));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  expect(Number(found['loss']?.data[0])).toBeCloseTo(mean, 5);
});

test('of a batch that is half spoilt each half has its teacher, the first of which sees it before it was spoilt', async () => {
  const gained =
    (gain: number) =>
    (_: unknown, x: Parameters<typeof upsampleNearest>[0]): ReturnType<typeof upsampleNearest> =>
      multiply(upsampleNearest(x, 2), gain);
  const lesson = {
    ...{ network: gained(0), scale: 2 },
    ...{ size: { batch: 3, patch: 2 }, sharpened: false },
  };
  const { loss } = pixelObjective(lesson, { teacher: gained(0.5), spoiltTeacher: gained(0.25) });
  const shape = [3, 3, 1, 1];
  const filled = (...values: number[]) =>
    ({ data: Float32Array.from(values.flatMap((v) => [v, v, v])), shape, dtype: 'float32' }) as const;
  const program = trace(({ input }) => ({
    loss: loss({}, { low: input('low', shape), clean: input('clean', shape) }),
  }));
  const found = await run(cpu(), program, { low: filled(0.9, 0.9, 0.8), clean: filled(0.4, 0.2, 0.6) });
  // Alone a pair is a photograph, and nobody teaches it the rest.
  const alone = pixelObjective(
    { ...lesson, size: { batch: 1, patch: 2 } },
    { teacher: gained(0.5), spoiltTeacher: gained(0.25) },
  );
  const one = [1, 3, 1, 1];
  const single = trace(({ input }) => ({
    loss: alone.loss({}, { low: input('low', one), clean: input('clean', one) }),
  }));
  const value = (v: number) => ({ data: new Float32Array(3).fill(v), shape: one, dtype: 'float32' }) as const;
  const found1 = await run(cpu(), single, { low: value(0.9), clean: value(0.4) });
  expect(Number(found1['loss']?.data[0])).toBeCloseTo(0.2, 6);
  // Two of three are photographs: 0.5 × 0.4 and 0.5 × 0.2; the last is shown as it is: 0.25 × 0.8.
  expect(Number(found['loss']?.data[0])).toBeCloseTo((0.2 + 0.1 + 0.2) / 3, 6);
});
