import { describe, expect, test } from 'vitest';
import {
  networkCost,
  networkParameters,
  recogniseNetwork,
  rrdbnetArchitecture,
  type RrdbnetConfig,
  rrdbnetPaperConfig,
  rrdbnetReach,
} from '#src/networks/index.js';
import { initialiseParameters } from '#src/nn/index.js';
import type { Shape } from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { measuredReach } from './measured-reach.js';
import { backwards, countOf, publishedShapes, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: RrdbnetConfig) => rrdbnetArchitecture.ofConfig({ ...config });
const small: RrdbnetConfig = { in_nc: 3, out_nc: 3, nf: 8, nb: 1, gc: 4, sf: 4, names: 'bsrgan' };

describe('the papers’ size', () => {
  const shapes = shapesOf(described(rrdbnetPaperConfig));

  test('has 16,697,987 parameters, and 18.4 G multiply-adds for 32² pixels', () => {
    expect(countOf(shapes)).toBe(16_697_987);
    const cost = networkCost(described(rrdbnetPaperConfig), [32, 32]);
    expect(cost.parameters).toBe(16_697_987);
    expect(cost.multiplyAdds / 1e9).toBeCloseTo(18.4, 1);
  });

  test('has the keys and shapes of the published state dict, in its order', async () => {
    expect(Object.entries(shapes)).toEqual(Object.entries(await publishedShapes('rrdbnet_full')));
  });

  test('starts with a tenth of He’s deviation in the dense blocks, and as PyTorch elsewhere', () => {
    const two = described({ ...rrdbnetPaperConfig, nb: 1 });
    const first = initialiseParameters(networkParameters(two), 5);
    const deviation = (key: string): number => {
      const data = Float64Array.from(first[key]?.data ?? [], Number);
      return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    };
    const he = (inputs: number): number => 0.1 * Math.sqrt(2 / (inputs * 9));
    expect(deviation('RRDB_trunk.0.RDB1.conv2.weight') / he(96)).toBeCloseTo(1, 1);
    expect(deviation('RRDB_trunk.0.RDB3.conv5.weight') / he(192)).toBeCloseTo(1, 1);
    expect(first['RRDB_trunk.0.RDB3.conv5.bias']?.data).toEqual(new Float32Array(64));
    expect(deviation('HRconv.weight') * Math.sqrt(3 * 64 * 9)).toBeCloseTo(1, 1);
    expect(deviation('HRconv.bias')).toBeGreaterThan(0);
  });

  test('sees further than tiles have margins', () => {
    expect(rrdbnetReach(rrdbnetPaperConfig)).toBe(349);
    expect(described(rrdbnetPaperConfig)).toMatchObject({ reach: 32, tilesExactly: false, scale: 4 });
  });
});

describe('an output pixel sees exactly as far as the descriptor says', () => {
  test.each<readonly [RrdbnetConfig['names'], number, number]>([
    ['bsrgan', 4, 1],
    ['bsrgan', 2, 1],
    ['esrgan', 4, 1],
    ['real-esrgan', 4, 1],
    ['real-esrgan', 2, 2],
    ['real-esrgan', 1, 4],
  ])('with the names of %s, ×%i', async (names, sf, multiple) => {
    const description = described({ ...small, gc: 2, nf: 2, sf, names });
    expect(description).toMatchObject({ scale: sf, multiple, tilesExactly: true });
    expect(await measuredReach(cpu(), description, description.reach)).toBe(description.reach);
  });
});

describe('recognition', () => {
  test.each<RrdbnetConfig>([
    rrdbnetPaperConfig,
    small,
    { ...small, sf: 2, nb: 2 },
    { ...small, names: 'real-esrgan' },
    { ...small, names: 'real-esrgan', sf: 2 },
    { ...small, names: 'real-esrgan', sf: 1, nb: 6 },
    { ...small, names: 'esrgan', nb: 3 },
    { ...small, names: 'esrgan', sf: 2 },
    { ...small, in_nc: 1, out_nc: 1 },
    { ...small, sf: 1 },
    { ...small, sf: 8 },
    { ...small, sf: 2, unshuffle: 2 },
    { ...small, sf: 1, unshuffle: 4 },
    { ...small, names: 'esrgan', sf: 1 },
    { ...small, names: 'esrgan', sf: 8 },
    { ...small, names: 'esrgan', sf: 1, unshuffle: 2 },
    { ...small, names: 'real-esrgan', sf: 1, unshuffle: 1 },
    { ...small, names: 'real-esrgan', sf: 2, unshuffle: 1 },
    { ...small, names: 'real-esrgan', sf: 8 },
  ])('deduces %o from shapes in any order, and takes it for no denoiser', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.architecture.name).toBe('rrdbnet');
      expect(recognised?.description.config).toEqual(config);
      expect(recognised?.task).toBe('upscale');
    }
  });

  test('knows the keys that published checkpoints have', () => {
    const real = shapesOf(described({ ...rrdbnetPaperConfig, names: 'real-esrgan', sf: 2 }));
    expect(real['conv_first.weight']).toEqual([64, 12, 3, 3]);
    expect(real['body.22.rdb3.conv5.weight']).toEqual([64, 192, 3, 3]);
    expect(Object.keys(real)).toEqual(
      expect.arrayContaining(['conv_body.bias', 'conv_up2.weight', 'conv_hr.weight', 'conv_last.weight']),
    );
    expect(countOf(real)).toBe(16_697_987 + 64 * 9 * 9);
    const old = shapesOf(described({ ...rrdbnetPaperConfig, names: 'esrgan' }));
    const places = ['model.0', 'model.1.sub.23', 'model.3', 'model.6', 'model.8', 'model.10'];
    expect(Object.keys(old)).toEqual(
      expect.arrayContaining([
        ...places.map((place) => `${place}.weight`),
        'model.1.sub.0.RDB1.conv1.0.weight',
      ]),
    );
    expect(countOf(old)).toBe(16_697_987);
  });

  const { 'trunk_conv.weight': _, ...withoutTrunk } = shapesOf(described(small));
  test.each<readonly [string, Record<string, Shape>]>([
    ['nothing', {}],
    ['a part', withoutTrunk],
    ['a first layer alone', { 'conv_first.weight': [64, 3, 3, 3] }],
    [
      'un-shuffled pixels of no known number',
      { ...shapesOf(described({ ...small, names: 'real-esrgan' })), 'conv_first.weight': [8, 27, 3, 3] },
    ],
  ])('leaves %s alone', (__, shapes) => {
    expect(rrdbnetArchitecture.recognise(shapes)).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('are the papers’, or what is asked for', () => {
    expect(rrdbnetArchitecture.ofSize({}).config).toEqual(rrdbnetPaperConfig);
    expect(rrdbnetArchitecture.ofSize({ baseChannels: 32, modules: 4, scale: 2 }).config).toEqual({
      ...rrdbnetPaperConfig,
      nf: 32,
      gc: 16,
      nb: 4,
      sf: 2,
    });
  });

  test.each([
    [{ modules: 0 }, /`modules`.*got 0/],
    [{ baseChannels: 7 }, /`baseChannels` must be an even whole number.*got 7/],
    [{ scale: 3 }, /`scale` must be an even whole number from 2 to 4, got 3/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => rrdbnetArchitecture.ofSize(size))).toMatch(message);
  });

  test.each([
    [{ sf: 3 }, /sf must be 1, 2, 4 or 8, got 3/],
    [{ unshuffle: 3 }, /unshuffle must be 1, 2 or 4, got 3/],
    [{ names: 'other' }, /names must be one of bsrgan, real-esrgan, esrgan, got other/],
  ])('a config of %o is refused', async (config, message) => {
    expect(await refusal(() => rrdbnetArchitecture.ofConfig(config))).toMatch(message);
  });
});
