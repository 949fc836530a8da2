import { describe, expect, test } from 'vitest';
import {
  dbsnl,
  dbsnlPaperConfig,
  nafnet,
  nafnetPaperConfig,
  recogniseNetwork,
  restormer,
  restormerArchitecture,
  type RestormerConfig,
  restormerPaperConfig,
} from '#src/networks/index.js';
import { initialiseParameters, declareParameters } from '#src/nn/index.js';
import { refusal } from '../weights/files.js';
import { backwards, parameterCount, publishedShapes, shapesOf } from './shapes.js';

const small: RestormerConfig = {
  ...restormerPaperConfig,
  dim: 8,
  num_blocks: [1, 2, 1, 1],
  num_refinement_blocks: 1,
};

describe('the size that AMSNet uses', () => {
  const shapes = shapesOf(restormer(restormerPaperConfig));

  test('has the keys and shapes of the original state dict', async () => {
    expect(shapes).toEqual((await publishedShapes('restormer_full')).shapes);
  });

  test('has 26,111,668 parameters', async () => {
    expect(parameterCount(shapes)).toBe(26_111_668);
    expect((await publishedShapes('restormer_full')).parameters).toBe(26_111_668);
  });
});

test('starts with normalisations and temperatures of 1, without biases of normalisations', () => {
  const network = restormer({ ...small, bias: true, LayerNorm_type: 'WithBias' });
  const first = initialiseParameters(declareParameters(network, [1, 3, 16, 16]), 1);
  for (const [key, { data }] of Object.entries(first)) {
    if (/temperature$|body\.weight$/.test(key))
      expect(new Set(Array.from(data, Number)), key).toEqual(new Set([1]));
    if (/norm\d\.body\.bias$/.test(key)) expect(new Set(Array.from(data, Number)), key).toEqual(new Set([0]));
  }
  expect(Object.keys(first).filter((key) => key.endsWith('norm1.body.bias')).length).toBe(10);
});

test('refuses pictures whose sides are no multiple of 8', () => {
  expect(() => shapesOf(restormer(small), 3, 20)).toThrow(/multiple/);
});

describe('recognition', () => {
  const sizes: readonly RestormerConfig[] = [
    restormerPaperConfig,
    small,
    { ...small, bias: true, LayerNorm_type: 'WithBias' },
    { ...small, bias: true, inp_channels: 1, out_channels: 1, num_refinement_blocks: 11 },
    { ...small, LayerNorm_type: 'WithBias', heads: [1, 1, 2, 4], num_blocks: [1, 1, 12, 3] },
    { ...small, dim: 12, ffn_expansion_factor: 3 },
    { ...small, dim: 16, ffn_expansion_factor: 2.5 },
    { ...restormerPaperConfig, ffn_expansion_factor: 2.662, num_blocks: [1, 1, 1, 1] },
  ];

  test.each(sizes)('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(restormer(config), config.inp_channels);
    for (const given of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(given);
      expect(recognised?.architecture.name).toBe('restormer');
      const { config: deduced, network } = recognised?.description ?? {};
      expect(deduced).toEqual(config);
      expect(network === undefined ? {} : shapesOf(network, config.inp_channels)).toEqual(shapes);
    }
  });

  test('says what tiling and training need to know', () => {
    expect(recogniseNetwork(shapesOf(restormer(restormerPaperConfig)))?.description).toMatchObject({
      inputChannels: 3,
      multiple: 8,
      tilesExactly: false,
      blindSpot: false,
      width: 510,
    });
  });

  test('a config that was written down gives the same network', () => {
    expect(restormerArchitecture.ofConfig({ ...small }).config).toEqual(small);
    expect(restormerArchitecture.ofConfig({}).config).toEqual(restormerPaperConfig);
  });

  test.each([
    [{ LayerNorm_type: 'None' }, /LayerNorm_type must be BiasFree or WithBias, got "None"/],
    [{ bias: 1 }, /bias must be true or false, got 1/],
    [{ heads: 8 }, /heads must be a list of numbers, got 8/],
  ])('the config %o is refused', async (config, message) => {
    expect(await refusal(() => restormerArchitecture.ofConfig(config))).toMatch(message);
  });

  test('leaves other networks alone', () => {
    expect(restormerArchitecture.recognise({})).toBeUndefined();
    expect(restormerArchitecture.recognise(shapesOf(dbsnl(dbsnlPaperConfig)))).toBeUndefined();
    expect(restormerArchitecture.recognise(shapesOf(nafnet(nafnetPaperConfig)))).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('are what AMSNet uses, or another width and another number of blocks at the coarsest level', () => {
    expect(restormerArchitecture.ofSize({}).config).toEqual(restormerPaperConfig);
    expect(restormerArchitecture.ofSize({ baseChannels: 16, modules: 2 }).config).toEqual({
      ...restormerPaperConfig,
      dim: 16,
      num_blocks: [4, 6, 6, 2],
    });
  });

  test.each([
    [{ baseChannels: 7 }, /`baseChannels`.*even.*got 7/],
    [{ modules: 65 }, /`modules`.*64.*got 65/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => restormerArchitecture.ofSize(size))).toMatch(message);
  });
});
