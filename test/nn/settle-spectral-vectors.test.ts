import { expect, test } from 'vitest';
import { settleSpectralVectors } from '#src/nn/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { featureJudge } from '#src/upscale/index.js';

/** uᵀWv */
function gain(group: Readonly<Record<string, TensorValue>>, layer: string): number {
  const [weight = [], u = [], v = []] = ['orig', 'u', 'v'].map((end) =>
    Array.from(group[`${layer}.weight_${end}`]?.data ?? [], Number),
  );
  return u.reduce(
    (sum, left, row) =>
      sum + left * v.reduce((s, right, i) => s + right * (weight[row * v.length + i] ?? 0), 0),
    0,
  );
}

const value = (shape: readonly number[], ...data: readonly number[]): TensorValue => ({
  data: Float32Array.from(data),
  shape,
  dtype: 'float32',
});

test('the vectors are those of the largest singular value, and nothing else changes', () => {
  const before = {
    'a.weight_orig': value([2, 3, 1, 1], 0, 3, 0, 4, 0, 0),
    'a.weight_u': value([2], Math.SQRT1_2, Math.SQRT1_2),
    'a.weight_v': value([3], 0, 0, 1),
    'a.bias': value([2], 5, 6),
    'b.weight': value([1], 7),
  };
  const after = settleSpectralVectors(before);
  expect(gain(before, 'a')).toBe(0);
  expect(gain(after, 'a')).toBeCloseTo(4, 4);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const key of ['a.weight_orig', 'a.bias', 'b.weight'] as const) expect(after[key]).toBe(before[key]);
});

test('a judge begins with weights that can be divided by what they do to a vector', () => {
  const { parameters, buffers } = featureJudge({ layers: ['layer2'], hidden: 64 }, [256], 1);
  const judge = { ...parameters, ...buffers };
  for (const layer of ['0.0', '0.2']) {
    const weight = Array.from(judge[`${layer}.weight_orig`]?.data ?? [], Number);
    // The largest singular value is at least the root of the mean square of all: ‖W‖ / √rank.
    expect(gain(judge, layer)).toBeGreaterThan(Math.hypot(...weight) / 8);
  }
});
