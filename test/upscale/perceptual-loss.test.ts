import { expect, test } from 'vitest';
import { normaliseForImageNet, vgg19, vgg19Layers, vgg19Parameters } from '#src/networks/index.js';
import { initialiseParameters, scopeOf } from '#src/nn/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { gradientsOf, trace } from '#src/tensor/index.js';
import { perceptualLoss, perceptualWeights } from '#src/upscale/index.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
const parameters = initialiseParameters(vgg19Parameters(), 5);
const shape = [2, 3, 16, 16];
const feeds = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value]));

const picture = (phase: number): TensorValue => ({
  data: Float32Array.from({ length: 2 * 3 * 16 * 16 }, (_, i) => 0.5 + 0.4 * Math.sin(i * 0.7 + phase)),
  shape,
  dtype: 'float32',
});

/** Of both pictures: the loss, the loss with other weights, its gradient, and features. */
const program = trace(({ input, inputs }) => {
  const weights = inputs('p', parameters);
  const [x, y] = [input('x', shape), input('y', shape)];
  const loss = perceptualLoss(weights, x, y);
  const [gradient = loss] = gradientsOf(loss, [x]);
  const deepest = perceptualLoss(weights, x, y, { conv5_4: 3 });
  const features = (image: typeof x) => ({ ...vgg19(scopeOf(weights), normaliseForImageNet(image)) });
  return { loss, gradient, deepest, x: features(x), y: features(y) };
});

test('adds the weighted mean distances of VGG19’s features', async () => {
  const results = await run(cpu(), program, { ...feeds, x: picture(0), y: picture(1) });
  const distance = (layer: string): number => {
    const [a, b] = [results[`x/${layer}`]?.data ?? [], results[`y/${layer}`]?.data ?? []];
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += Math.abs(Number(a[i]) - Number(b[i]));
    return sum / a.length;
  };
  const expected = vgg19Layers.reduce(
    (sum, layer) => sum + (perceptualWeights[layer] ?? 0) * distance(layer),
    0,
  );
  expect(expected).toBeGreaterThan(0.01);
  expect(Number(results['loss']?.data[0]) / expected).toBeCloseTo(1, 5);
  expect(Number(results['deepest']?.data[0]) / (3 * distance('conv5_4'))).toBeCloseTo(1, 5);
  expect(perceptualWeights).toEqual({ conv1_2: 0.1, conv2_2: 0.1, conv3_4: 1, conv4_4: 1, conv5_4: 1 });
});

test('a step against its gradient makes it smaller', async () => {
  const [x, y] = [picture(0), picture(1)];
  const { loss, gradient } = await run(cpu(), program, { ...feeds, x, y });
  const slope = Array.from(gradient?.data ?? [], Number);
  const squared = slope.reduce((sum, value) => sum + value * value, 0);
  // Small enough that few features change their sign.
  const length = (0.01 * Number(loss?.data[0])) / squared;
  const data = Float32Array.from(
    x.data,
    (value: number | bigint, i: number) => Number(value) - length * (slope[i] ?? 0),
  );
  const after = await run(cpu(), program, { ...feeds, x: { ...x, data }, y });
  const change = Number(after['loss']?.data[0]) / Number(loss?.data[0]);
  expect(change).toBeLessThan(0.995);
  expect(change).toBeGreaterThan(0.985);
});

test('is 0 for equal pictures and needs a layer', async () => {
  const { loss } = await run(cpu(), program, { ...feeds, x: picture(2), y: picture(2) });
  expect(Number(loss?.data[0])).toBe(0);
  expect(() =>
    trace(({ input, inputs }) => ({
      loss: perceptualLoss(inputs('p', parameters), input('x', shape), input('y', shape), { conv1_2: 0 }),
    })),
  ).toThrow(/no layer/);
});
