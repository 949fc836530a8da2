import { describe, expect, test } from 'vitest';
import {
  networkCost,
  networkParameters,
  recogniseNetwork,
  type SrvggnetConfig,
  srvggnetArchitecture,
  srvggnetPublishedConfig,
} from '#src/networks/index.js';
import { applyNetwork, createRandom, initialiseParameters } from '#src/nn/index.js';
import type { Shape } from '#src/tensor/index.js';
import { mean, sqrt, square, subtract, trace, upsampleNearest } from '#src/tensor/index.js';
import { readWeightsHeader } from '#src/weights/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { sharedFolder } from '../shared.js';
import { randomUpscaler } from '../models/upscalers.js';
import { refusal } from '../weights/files.js';
import { measuredReach } from './measured-reach.js';
import { backwards, countOf, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: SrvggnetConfig) => srvggnetArchitecture.ofConfig({ ...config });
const small: SrvggnetConfig = { num_in_ch: 3, num_out_ch: 3, num_feat: 8, num_conv: 2, upscale: 3 };

test('the published size has 621,424 parameters, slopes included, and counts a pixel of the input', () => {
  const description = described(srvggnetPublishedConfig);
  expect(countOf(shapesOf(description))).toBe(621_424);
  const cost = networkCost(description, [32, 32]);
  expect(cost.parameters).toBe(621_424);
  // 3·64 + 16·64·64 + 64·48 weights, 9 taps each
  expect(cost.multiplyAddsPerPixel).toBe(9 * (3 * 64 + 16 * 64 * 64 + 64 * 48));
});

test('its keys and shapes are those of Real-ESRGAN’s file', async (context) => {
  const path = sharedFolder(context, 'weights', 'realesr-animevideov3.pth');
  const { tensors } = await readWeightsHeader(path);
  const published = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  expect(shapesOf(described(srvggnetPublishedConfig))).toEqual(published);
  expect(recogniseNetwork(published)?.description.config).toEqual({
    ...srvggnetPublishedConfig,
    act_type: 'prelu',
  });
});

test('an output pixel sees as many pixels to each side as there are convolutions', async () => {
  const description = described(small);
  expect(description).toMatchObject({ scale: 3, multiple: 1, reach: 4, tilesExactly: true });
  expect(await measuredReach(cpu(), description, 4)).toBe(4);
});

/** A 3×3 convolution padded with zeros, by its definition: weight `[out, in, 3, 3]`. */
function convolved(
  x: Float64Array,
  weight: readonly number[],
  bias: readonly number[],
  side: number,
): Float64Array {
  const area = side * side;
  const channels = x.length / area;
  return Float64Array.from({ length: bias.length * area }, (_, i) => {
    const [out, row, column] = [Math.floor(i / area), Math.floor(i / side) % side, i % side];
    let sum = bias[out] ?? Number.NaN;
    for (let c = 0; c < channels; c++)
      for (let tap = 0; tap < 9; tap++) {
        const [y, z] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
        if (y < 0 || z < 0 || y >= side || z >= side) continue;
        sum +=
          (weight[(out * channels + c) * 9 + tap] ?? Number.NaN) * (x[c * area + y * side + z] ?? Number.NaN);
      }
    return sum;
  });
}

test('it is what its definition says, in plain loops', async () => {
  const { description, parameters } = randomUpscaler('srvggnet', { ...small });
  const side = 5;
  const numbers = (key: string): number[] => Array.from(parameters[key]?.data ?? [], Number);
  const x = Float64Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i));
  let y = x;
  for (const place of [0, 2, 4]) {
    const slopes = numbers(`body.${place + 1}.weight`);
    y = convolved(y, numbers(`body.${place}.weight`), numbers(`body.${place}.bias`), side).map((value, i) =>
      value > 0 ? value : value * (slopes[Math.floor(i / side ** 2)] ?? Number.NaN),
    );
  }
  const phases = convolved(y, numbers('body.6.weight'), numbers('body.6.bias'), side);
  const large = 3 * side;
  const expected = Float64Array.from({ length: 3 * large * large }, (_, i) => {
    const [c, row, column] = [Math.floor(i / large ** 2), Math.floor(i / large) % large, i % large];
    const at = Math.floor(row / 3) * side + Math.floor(column / 3);
    const phase = (row % 3) * 3 + (column % 3);
    return (phases[(9 * c + phase) * side ** 2 + at] ?? Number.NaN) + (x[c * side ** 2 + at] ?? Number.NaN);
  });
  const shape = [1, 3, side, side];
  const program = trace(({ input, inputs }) => ({
    y: applyNetwork(description.network, inputs('p', parameters), input('x', shape)),
  }));
  const computed = await run(cpu(), program, {
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value])),
    x: { data: Float32Array.from(x), shape, dtype: 'float32' },
  });
  const found = Array.from(computed['y']?.data ?? [], Number);
  expect(computed['y']?.shape).toEqual([1, 3, large, large]);
  const error = Math.hypot(...found.map((value, i) => value - (expected[i] ?? Number.NaN)));
  expect(error / Math.hypot(...expected)).toBeLessThan(1e-6);
});

test('with its first values, what a pixel is reaches the result: neither lost nor blown up in the row of convolutions', async () => {
  const description = described(srvggnetPublishedConfig);
  const first = initialiseParameters(networkParameters(description), 3);
  expect(first['body.1.weight']?.data).toEqual(new Float32Array(64).fill(0.25));
  expect(first['body.2.bias']?.data).toEqual(new Float32Array(64));
  const shape = [1, 3, 12, 12];
  const program = trace(({ input, inputs }) => {
    const parameters = inputs('p', first);
    const x = input('x', shape);
    const added = subtract(applyNetwork(description.network, parameters, x), upsampleNearest(x, 4));
    return { size: sqrt(mean(square(added))), picture: sqrt(mean(square(x))) };
  });
  const random = createRandom(5);
  const { size, picture } = await run(cpu(), program, {
    ...Object.fromEntries(Object.entries(first).map(([key, value]) => [`p/${key}`, value])),
    x: { data: Float32Array.from({ length: 3 * 144 }, () => random.uniform()), shape, dtype: 'float32' },
  });
  const share = Number(size?.data[0]) / Number(picture?.data[0]);
  expect(share).toBeGreaterThan(0.02);
  expect(share).toBeLessThan(0.2);
});

describe('recognition', () => {
  test.each<SrvggnetConfig>([
    srvggnetPublishedConfig,
    small,
    { num_in_ch: 3, num_out_ch: 3, num_feat: 64, num_conv: 32, upscale: 4 },
    { num_in_ch: 1, num_out_ch: 1, num_feat: 16, num_conv: 1, upscale: 2 },
    { num_in_ch: 3, num_out_ch: 3, num_feat: 24, num_conv: 5, upscale: 1 },
  ])('deduces %o from shapes in any order, and takes it for no denoiser', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.architecture.name).toBe('srvggnet');
      expect(recognised?.description.config).toEqual({ ...config, act_type: 'prelu' });
      expect(recognised?.task).toBe('upscale');
    }
  });

  const published = shapesOf(described(small));
  const { 'body.3.weight': _, ...withoutSlope } = published;
  test.each<readonly [string, Record<string, Shape>]>([
    ['nothing', {}],
    ['one convolution', { 'body.0.weight': [8, 3, 3, 3], 'body.0.bias': [8] }],
    ['another activation', withoutSlope],
    ['phases that make no square', { ...published, 'body.6.weight': [21, 8, 3, 3] }],
    ['more than a sequence', { ...published, 'tail.weight': [8] }],
  ])('leaves %s alone', (__, shapes) => {
    expect(srvggnetArchitecture.recognise(shapes)).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('are the published one, or what is asked for', () => {
    expect(srvggnetArchitecture.ofSize({}).config).toMatchObject({ ...srvggnetPublishedConfig });
    expect(srvggnetArchitecture.ofSize({ baseChannels: 24, modules: 8, scale: 2 }).config).toMatchObject({
      num_feat: 24,
      num_conv: 8,
      upscale: 2,
    });
  });

  test.each([
    [{ modules: 0 }, /`modules` must be a whole number from 1 to 64, got 0/],
    [{ baseChannels: 1.5 }, /`baseChannels`.*got 1\.5/],
    [{ scale: 5 }, /`scale` must be a whole number from 1 to 4, got 5/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => srvggnetArchitecture.ofSize(size))).toMatch(message);
  });

  test('other activations are refused', () => {
    expect(() => srvggnetArchitecture.ofConfig({ act_type: 'swish' })).toThrow(
      /act_type must be prelu, relu or leakyrelu, got swish/,
    );
  });
});
