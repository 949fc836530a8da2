import { describe, expect, test } from 'vitest';
import {
  deamnetArchitecture,
  type DeamnetConfig,
  deamnetPaperConfig,
  deamnetReach,
  recogniseNetwork,
} from '#src/networks/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { measuredReach } from './measured-reach.js';
import { backwards, countOf, publishedShapes, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: DeamnetConfig) => deamnetArchitecture.ofConfig({ ...config });

describe('the size of the paper', () => {
  const shapes = shapesOf(deamnetArchitecture.ofSize({}));

  test('has 2,228,131 parameters', () => {
    expect(countOf(shapes)).toBe(2_228_131);
  });

  test('has the keys and shapes of the published state dict, those of layers that never act too', async () => {
    expect(shapes).toEqual(await publishedShapes('deamnet_full'));
    expect(shapes['net2.conv_dila3.conv2d.weight']).toEqual([64, 64, 7, 7]);
  });
});

test('an output pixel sees as far as its receptive field, which is more than tiles get', async () => {
  const small = { Isreal: false, channels: 16, iterations: 1 };
  // On black features the weights of the attention have nothing to act on: two convolutions less on each of four levels,
  // and at the end.
  expect(deamnetReach(small)).toBe(191);
  expect(await measuredReach(cpu(), described(small), 191)).toBe(191 - 2 * (8 + 4 + 2 + 1) - 2);
  expect(deamnetReach(deamnetPaperConfig)).toBe(719);
  expect(described(deamnetPaperConfig)).toMatchObject({ reach: 128, tilesExactly: false });
});

describe('recognition', () => {
  test.each<DeamnetConfig>([
    deamnetPaperConfig,
    { Isreal: false, channels: 16, iterations: 1 },
    { Isreal: true, channels: 32, iterations: 9 },
  ])('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.architecture.name).toBe('deamnet');
      expect(recognised?.description.config).toEqual(config);
      expect(recognised?.description.inputChannels).toBe(config.Isreal ? 3 : 1);
      expect(recognised?.description.multiple).toBe(16);
    }
  });

  test('leaves networks without an iteration alone', () => {
    const shapes = shapesOf(described({ Isreal: true, channels: 16, iterations: 1 }));
    delete shapes['line11.cat.conv2d.weight'];
    expect(deamnetArchitecture.recognise(shapes)).toBeUndefined();
    expect(deamnetArchitecture.recognise({})).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('are 64 channels and 4 iterations, or what is asked for', () => {
    expect(deamnetArchitecture.ofSize({}).config).toEqual(deamnetPaperConfig);
    expect(deamnetArchitecture.ofSize({ baseChannels: 16, modules: 2 }).config).toEqual({
      Isreal: true,
      channels: 16,
      iterations: 2,
    });
  });

  test.each([
    [{ baseChannels: 24 }, /`baseChannels` must be a multiple of 16 from 16 to 512, got 24/],
    [{ modules: 10 }, /`modules` must be a whole number from 1 to 9, got 10/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => deamnetArchitecture.ofSize(size))).toMatch(message);
  });
});
