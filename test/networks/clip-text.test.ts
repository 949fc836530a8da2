import { expect, test } from 'vitest';
import {
  clipMarks,
  clipRn50Config,
  clipText,
  clipTokenVectors,
  embedClipTokens,
} from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { gradientsOf, sum, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { distance, fed, randomValue, small, textParameters } from './small-clip.js';

const cpu = cpuRuntime();

/** Features of embedded texts, and the gradient of their sum with respect to the vectors. */
const read = async (embedded: TensorValue, ends: readonly number[]) => {
  const program = trace(({ input, inputs }) => {
    const vectors = input('vectors', embedded.shape);
    const features = clipText(small, ends)(scopeOf(inputs('p', textParameters)), vectors);
    const [gradient = features] = gradientsOf(sum(features), [vectors]);
    return { features, gradient };
  });
  return run(cpu(), program, { ...fed(textParameters), vectors: embedded });
};

test('texts are the same whatever follows their ends, and however many tokens are computed', async () => {
  const long = randomValue([2, 20, 128], 5);
  const short: TensorValue = {
    data: Float32Array.from({ length: 2 * 6 * 128 }, (_, i) =>
      Number(long.data[Math.floor(i / (6 * 128)) * 20 * 128 + (i % (6 * 128))]),
    ),
    shape: [2, 6, 128],
    dtype: 'float32',
  };
  const [whole, part] = [await read(long, [5, 3]), await read(short, [5, 3])];
  expect(distance(part['features'], whole['features'])).toBeLessThan(1e-6);
  const data = Float32Array.from(short.data, Number).fill(7, (6 + 4) * 128);
  const other: TensorValue = { ...short, data };
  expect(distance((await read(other, [5, 3]))['features'], part['features'])).toBe(0);
});

test('texts alone are what they are together', async () => {
  const both = randomValue([2, 6, 128], 6);
  const second: TensorValue = {
    ...both,
    shape: [1, 6, 128],
    data: Float32Array.from(both.data.slice(6 * 128), Number),
  };
  const [together, alone] = [await read(both, [5, 3]), await read(second, [3])];
  const row = {
    ...alone['features'],
    data: Float32Array.from(together['features']?.data.slice(16) ?? [], Number),
  };
  expect(distance({ data: row.data, shape: [1, 16], dtype: 'float32' }, alone['features'])).toBeLessThan(
    1e-6,
  );
});

test('texts send gradients to the vectors up to their ends, and to none after', async () => {
  const { gradient } = await read(randomValue([1, 8, 128], 7), [4]);
  const size = (token: number): number =>
    Math.hypot(...Array.from(gradient?.data.slice(token * 128, (token + 1) * 128) ?? [], Number));
  for (const token of [0, 1, 2, 3, 4]) expect(size(token)).toBeGreaterThan(1e-4);
  for (const token of [5, 6, 7]) expect(size(token)).toBe(0);
});

test('texts have the gradient that differences have', async () => {
  const [vectors, direction] = [randomValue([1, 6, 128], 12), randomValue([1, 6, 128], 13)];
  const total = async (step: number): Promise<number> => {
    const data = Float32Array.from(
      { length: vectors.data.length },
      (_, i) => Number(vectors.data[i]) + step * Number(direction.data[i]),
    );
    const { features } = await read({ ...vectors, data }, [5]);
    return Array.from(features?.data ?? [], Number).reduce((sum, value) => sum + value, 0);
  };
  const { gradient } = await read(vectors, [5]);
  const slope = Array.from(gradient?.data ?? [], Number).reduce(
    (sum, value, i) => sum + value * Number(direction.data[i]),
    0,
  );
  const difference = ((await total(0.01)) - (await total(-0.01))) / 0.02;
  expect(Math.abs(slope)).toBeGreaterThan(0.1);
  expect(difference / slope).toBeCloseTo(1, 2);
});

test('texts start and end with the last tokens of the vocabulary', () => {
  expect(clipMarks(clipRn50Config)).toEqual({ start: 49406, end: 49407 });
  expect(clipMarks(small)).toEqual({ start: 62, end: 63 });
});

test('texts that are longer than the context are refused', async () => {
  const line = await refusal(() => read(randomValue([1, 21, 128], 8), [20]));
  expect(line).toMatch(/text of 21 tokens is longer than the 20 that this CLIP reads; shorten it/);
});

test('tokens have the same vectors with and without the device', async () => {
  const texts = [
    [62, 5, 9, 63],
    [62, 63],
  ];
  const table = textParameters['token_embedding.weight'];
  if (table === undefined) throw new Error('there is no table');
  const program = trace(({ input, inputs }) => ({
    vectors: embedClipTokens(small)(scopeOf(inputs('p', textParameters)), input('tokens', [2, 4], 'int32')),
  }));
  const tokens: TensorValue = {
    data: Int32Array.of(62, 5, 9, 63, 62, 63, 0, 0),
    shape: [2, 4],
    dtype: 'int32',
  };
  const { vectors } = await run(cpu(), program, { ...fed(textParameters), tokens });
  expect(clipTokenVectors(table, texts)).toEqual(vectors);
  expect(await refusal(() => clipTokenVectors(table, [[62, 64]]))).toMatch(/token 64 is none of the 64/);
});
