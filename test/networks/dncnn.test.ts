import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPicture } from '#src/images/index.js';
import { loadDenoiserWeights } from '#src/api/index.js';
import { applyNetwork, createRandom } from '#src/nn/index.js';
import { psnr } from '#src/quality/index.js';
import { trace } from '#src/tensor/index.js';
import {
  dncnnArchitecture,
  type DncnnConfig,
  dncnnPaperConfig,
  networkCost,
  recogniseNetwork,
} from '#src/networks/index.js';
import type { Shape } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { sharedFolder } from '../shared.js';
import { refusal } from '../weights/files.js';
import { measuredReach } from './measured-reach.js';
import { backwards, countOf, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: DncnnConfig) => dncnnArchitecture.ofConfig({ ...config });

test('the size of AMSNet has 559,363 parameters, and 1,920 running statistics', () => {
  expect(networkCost(described(dncnnPaperConfig)).parameters).toBe(559_363);
  expect(countOf(shapesOf(described(dncnnPaperConfig)))).toBe(559_363 + 1_920);
});

test('KAIR’s blind colour network has a convolution at every even place', () => {
  const shapes = shapesOf(described({ in_nc: 3, out_nc: 3, nc: 64, nb: 20, act_mode: 'R' }));
  const places = Array.from({ length: 20 }, (_, i) => [
    `model.${2 * i}.weight`,
    `model.${2 * i}.bias`,
  ]).flat();
  expect(Object.keys(shapes)).toEqual(places);
  expect(shapes['model.38.weight']).toEqual([3, 64, 3, 3]);
});

test('an output pixel sees as many pixels to each side as there are convolutions', async () => {
  const description = described({ in_nc: 1, out_nc: 1, nc: 3, nb: 6, act_mode: 'R' });
  expect(description.reach).toBe(6);
  expect(await measuredReach(cpu(), description, 6)).toBe(6);
});

test('KAIR’s weights remove Gaussian noise of deviation 25 / 255, recognised by their tensors', async (context) => {
  const { description, parameters } = await loadDenoiserWeights(
    sharedFolder(context, 'weights', 'dncnn_color_blind.pth'),
  );
  expect(description.config).toEqual({ in_nc: 3, out_nc: 3, nc: 64, nb: 20, act_mode: 'R' });
  const clean = await readPicture(join(sharedFolder(context, 'data', 'set5', 'GTmod12'), 'bird.png'));
  const random = createRandom(25);
  const noisy = clean.data.map((value) => value + (25 / 255) * random.normal());
  const shape = [1, 3, clean.height, clean.width];
  const program = trace(({ input, inputs }) => ({
    denoised: applyNetwork(description.network, inputs('p', parameters), input('noisy', shape)),
  }));
  const feeds = Object.entries(parameters).map(([key, value]) => [`p/${key}`, value] as const);
  const { denoised } = await run(cpu(), program, {
    ...Object.fromEntries(feeds),
    noisy: { data: noisy, shape, dtype: 'float32' },
  });
  const quality = (values: Iterable<number | bigint>): number => {
    const data = Float32Array.from(values, (value) => Math.min(1, Math.max(0, Number(value))));
    return psnr({ ...clean, data }, clean);
  };
  expect(quality(noisy)).toBeLessThan(21.1);
  expect(quality(denoised?.data ?? [])).toBeGreaterThan(32);
});

describe('recognition', () => {
  test.each<DncnnConfig>([
    dncnnPaperConfig,
    { in_nc: 3, out_nc: 3, nc: 64, nb: 20, act_mode: 'R' },
    { in_nc: 1, out_nc: 1, nc: 8, nb: 3, act_mode: 'BR' },
    { in_nc: 1, out_nc: 1, nc: 8, nb: 3, act_mode: 'R' },
    // SaoYan's program and those after it: no bias, PyTorch's constant.
    {
      ...{ in_nc: 1, out_nc: 1, nc: 8, nb: 5, act_mode: 'BR', names: 'dncnn' },
      ...{ unbiased: 'first middle last', eps: 1e-5 },
    },
    // The authors' own in PyTorch.
    { in_nc: 1, out_nc: 1, nc: 8, nb: 5, act_mode: 'BR', names: 'dncnn', unbiased: 'middle last' },
    { in_nc: 3, out_nc: 3, nc: 8, nb: 5, act_mode: 'R', names: 'layers' },
    { in_nc: 3, out_nc: 3, nc: 8, nb: 5, act_mode: 'R', names: 'list' },
  ])('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.architecture.name).toBe('dncnn');
      expect(recognised?.description.config).toEqual(config);
    }
  });

  test('passes over counters of batches', () => {
    const shapes = { ...shapesOf(described(dncnnPaperConfig)), 'model.3.num_batches_tracked': [] };
    expect(dncnnArchitecture.recognise(shapes)?.config).toEqual(dncnnPaperConfig);
    expect(dncnnArchitecture.isBuffer('model.3.num_batches_tracked')).toBe(true);
    expect(dncnnArchitecture.isBuffer('model.3.running_mean')).toBe(false);
  });

  test.each<readonly [string, Record<string, Shape>]>([
    ['nothing', {}],
    ['one convolution', { 'model.0.weight': [3, 3, 3, 3], 'model.0.bias': [3] }],
    ['convolutions elsewhere', { 'model.0.weight': [8, 3, 3, 3], 'model.1.weight': [3, 8, 3, 3] }],
    ['another kernel', { 'model.0.weight': [8, 3, 5, 5], 'model.2.weight': [3, 8, 5, 5] }],
    ['a noise map as input', { 'model.0.weight': [8, 4, 3, 3], 'model.2.weight': [3, 8, 3, 3] }],
    ['more than a sequence', { ...shapesOf(described(dncnnPaperConfig)), 'm_res.0.weight': [8, 8, 3, 3] }],
  ])('leaves %s alone', (_, shapes) => {
    expect(dncnnArchitecture.recognise(shapes)).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('are 17 convolutions of 64 channels without batch normalisation, or what is asked for', () => {
    expect(dncnnArchitecture.ofSize({}).config).toEqual({ ...dncnnPaperConfig, act_mode: 'R' });
    expect(dncnnArchitecture.ofSize({ baseChannels: 16, modules: 5 }).config).toMatchObject({
      nc: 16,
      nb: 5,
    });
  });

  test.each([
    [{ modules: 2 }, /`modules` must be a whole number from 3 to 64, got 2/],
    [{ baseChannels: -1 }, /`baseChannels`.*got -1/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => dncnnArchitecture.ofSize(size))).toMatch(message);
  });

  test('other activations are refused', () => {
    expect(() => dncnnArchitecture.ofConfig({ act_mode: 'IL' })).toThrow(/act_mode must be R or BR, got IL/);
  });
});
