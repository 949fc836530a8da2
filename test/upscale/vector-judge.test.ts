import { expect, test } from 'vitest';
import { trace } from '#src/tensor/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { vectorJudge } from '#src/upscale/index.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
const width = 6;
const embedding: TensorValue = {
  data: Float32Array.from({ length: 2 * width }, (_, i) => 1 + Math.sin(i * 1.3)),
  shape: [2, width],
  dtype: 'float32',
};

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0) / (Math.hypot(...a) * Math.hypot(...b));

async function logits(average: 'losses' | 'logits'): Promise<readonly number[]> {
  const judge = vectorJudge({ pairs: 2, scale: 100, deviation: 0.5, average }, width, 9);
  const program = trace(({ input, inputs }) => {
    const [z] = judge.judging(
      inputs('own', judge.parameters),
      {},
    )({ embedding: input('f', embedding.shape) });
    return { z: z ?? input('none', [1]) };
  });
  const found = await run(cpu(), program, {
    f: embedding,
    ...Object.fromEntries(Object.entries(judge.parameters).map(([key, value]) => [`own/${key}`, value])),
  });
  return Array.from(found['z']?.data ?? [], Number);
}

test('judges by how much nearer a feature is to the first vector of each pair', async () => {
  const { parameters, sights } = vectorJudge({ pairs: 2, scale: 100, deviation: 0.5 }, width, 9);
  expect(sights).toEqual(['embedding']);
  const rows = (value: TensorValue | undefined): readonly (readonly number[])[] =>
    Array.from({ length: value?.shape[0] ?? 0 }, (_, row) =>
      Array.from(value?.data.slice(row * width, (row + 1) * width) ?? [], Number),
    );
  const vectors = rows(parameters['vectors']);
  expect(vectors).toHaveLength(4);
  const expected = rows(embedding).flatMap((f) =>
    [0, 1].map((pair) => 100 * (cosine(f, vectors[2 * pair] ?? []) - cosine(f, vectors[2 * pair + 1] ?? []))),
  );
  const found = await logits('losses');
  expect(found).toHaveLength(4);
  for (const [i, z] of found.entries()) expect(z).toBeCloseTo(expected[i] ?? Number.NaN, 3);
  const joined = await logits('logits');
  expect(joined).toHaveLength(2);
  expect(joined[0]).toBeCloseTo(((expected[0] ?? 0) + (expected[1] ?? 0)) / 2, 3);
});

test('begins with pairs that say little', async () => {
  const { parameters } = vectorJudge({ pairs: 1, scale: 100 }, 512, 1);
  const data = Array.from(parameters['vectors']?.data ?? [], Number);
  expect(cosine(data.slice(0, 512), data.slice(512))).toBeGreaterThan(0.999);
});
