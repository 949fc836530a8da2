import { expect, test } from 'vitest';
import { powerIterated, spectrallyNormalised } from '#src/nn/index.js';
import { gradientsOf, input, multiply, sum, type Tensor } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';

const weight = input('d.weight_orig', [2, 3]);
const u = input('d.weight_u', [2]);
const v = input('d.weight_v', [3]);
/** Singular values 4 and 2. */
const W = Float64Array.of(4, 0, 0, 0, 2, 0);
const feeds = {
  'd.weight_orig': W,
  'd.weight_u': Float64Array.of(0.6, 0.8),
  'd.weight_v': new Float64Array(3),
};

const of = (record: Readonly<Record<string, Tensor>>, key: string): Tensor => {
  const tensor = record[key];
  if (tensor === undefined) throw new Error(`no ${key}`);
  return tensor;
};

test('one power iteration multiplies by the weight, v first, and scales to length 1', () => {
  const next = powerIterated({ 'd.weight_orig': weight, 'd.weight_u': u, 'd.weight_v': v });
  const [right, left] = interpret([of(next, 'd.weight_v'), of(next, 'd.weight_u')], feeds);
  // Wᵀu = (2.4, 1.6, 0); W v = (9.6, 3.2) / |Wᵀu|.
  const lengths = [Math.hypot(2.4, 1.6), Math.hypot(9.6, 3.2)];
  expect(Array.from(right?.data ?? [])).toEqual(
    [2.4, 1.6, 0].map((x) => expect.closeTo(x / (lengths[0] ?? 1), 12)),
  );
  expect(Array.from(left?.data ?? [])).toEqual(
    [9.6, 3.2].map((x) => expect.closeTo(x / (lengths[1] ?? 1), 12)),
  );
});

test('many of them find the largest singular value, which the weight is divided by', () => {
  let record: Readonly<Record<string, Tensor>> = {
    'd.weight_orig': weight,
    'd.weight_u': u,
    'd.weight_v': v,
  };
  for (let i = 0; i < 30; i++) record = powerIterated(record);
  const normalised = spectrallyNormalised(weight, of(record, 'd.weight_u'), of(record, 'd.weight_v'));
  const [result] = interpret([normalised], feeds);
  expect(Array.from(result?.data ?? [])).toEqual([1, 0, 0, 0, 0.5, 0].map((x) => expect.closeTo(x, 9)));
});

test('a gradient flows through the singular value, and none to the vectors', () => {
  const normalised = spectrallyNormalised(weight, u, v);
  const [toWeight, toLeft] = gradientsOf(sum(multiply(normalised, normalised)), [weight, u]);
  const at = { ...feeds, 'd.weight_u': Float64Array.of(1, 0), 'd.weight_v': Float64Array.of(1, 0, 0) };
  const [slope, none] = interpret([toWeight ?? weight, toLeft ?? u], at);
  // f = (w₁₁² + w₂₂²) / w₁₁²: by w₁₁ it is −2·w₂₂² / w₁₁³, by w₂₂ it is 2·w₂₂ / w₁₁².
  expect(slope?.data[0]).toBeCloseTo((-2 * 4) / 64, 12);
  expect(slope?.data[4]).toBeCloseTo(4 / 16, 12);
  expect(Array.from(none?.data ?? [])).toEqual([0, 0]);
});

test('a record without such weights is given back as it is', () => {
  const record = { context: weight };
  expect(powerIterated(record)).toBe(record);
});
