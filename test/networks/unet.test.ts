import { describe, expect, test } from 'vitest';
import { declareParameters, initialiseParameters } from '#src/nn/index.js';
import {
  recogniseNetwork,
  unetArchitecture,
  type UnetConfig,
  unetPaperConfig,
  unetReach,
} from '#src/networks/index.js';
import type { Shape } from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { measuredReach } from './measured-reach.js';
import { backwards, countOf, publishedShapes, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: UnetConfig) => unetArchitecture.ofConfig({ ...config });

describe('the size of AMSNet', () => {
  const shapes = shapesOf(described(unetPaperConfig));

  test('has 7,935,555 parameters', () => {
    expect(countOf(shapes)).toBe(7_935_555);
  });

  test('has the keys and shapes of the published state dict, in its order', async () => {
    expect(Object.entries(shapes)).toEqual(Object.entries(await publishedShapes('unet_full')));
  });

  test('starts with a tenth of He’s deviation, transposed convolutions too, and without biases', () => {
    const { network } = described({ ...unetPaperConfig, n_feature: 48 });
    const first = initialiseParameters(declareParameters(network, [1, 3, 64, 64]), 5);
    for (const [key, fanIn] of [
      ['dec_conv4a.weight', 144 * 9],
      ['up4.deconv.weight', 96 * 4],
    ] as const) {
      const data = Float64Array.from(first[key]?.data ?? [], Number);
      const deviation = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
      expect(deviation / (0.1 * Math.sqrt(2 / fanIn)), key).toBeCloseTo(1, 1);
    }
    expect(first['up4.deconv.bias']?.data.every((x) => x === 0)).toBe(true);
  });
});

test('an output pixel sees exactly as far as the descriptor says', async () => {
  const description = described({ in_nc: 1, out_nc: 1, n_feature: 2 });
  expect(description.reach).toBe(unetReach);
  expect(await measuredReach(cpu(), description, unetReach)).toBe(157);
});

describe('recognition', () => {
  test.each<UnetConfig>([
    unetPaperConfig,
    { in_nc: 1, out_nc: 1, n_feature: 48 },
    { in_nc: 3, out_nc: 9, n_feature: 7 },
  ])('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.architecture.name).toBe('unet');
      expect(recognised?.description.config).toEqual(config);
      expect(recognised?.description.multiple).toBe(32);
    }
  });

  test('leaves the blind-spot form of the same program alone', () => {
    const shapes: Record<string, Shape> = {
      ...shapesOf(described(unetPaperConfig)),
      'nin_a.weight': [384, 384, 1, 1],
      'nin_b.weight': [96, 384, 1, 1],
    };
    expect(unetArchitecture.recognise(shapes)).toBeUndefined();
    expect(() => unetArchitecture.ofConfig({ blindspot: true })).toThrow(/blindspot must be false/);
  });
});

describe('sizes by option', () => {
  test('are 48 channels, or what is asked for', () => {
    expect(unetArchitecture.ofSize({}).config).toEqual({ in_nc: 3, out_nc: 3, n_feature: 48 });
    expect(unetArchitecture.ofSize({ baseChannels: 128 }).config).toEqual(unetPaperConfig);
  });

  test('have no modules', async () => {
    expect(await refusal(() => unetArchitecture.ofSize({ modules: 2 }))).toMatch(/`modules`.*U-Net/);
  });
});
