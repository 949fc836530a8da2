import { describe, expect, test } from 'vitest';
import { compile } from '#src/compile/index.js';
import { applyNetwork, createRandom, declareParameters, initialiseParameters } from '#src/nn/index.js';
import {
  dbsnl,
  dbsnlPaperConfig,
  nafnet,
  nafnetArchitecture,
  type NafnetConfig,
  nafnetPaperConfig,
  recogniseNetwork,
  restormer,
  restormerPaperConfig,
} from '#src/networks/index.js';
import { elementCount, trace } from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { backwards, parameterCount, publishedShapes, shapesOf } from './shapes.js';

const cpu = cpuRuntime();

const small: NafnetConfig = {
  img_channel: 3,
  width: 4,
  enc_blk_nums: [1, 2],
  middle_blk_num: 1,
  dec_blk_nums: [1, 1],
  dw_expand: 1,
  ffn_expand: 2,
};

describe('the size that AMSNet uses', () => {
  const shapes = shapesOf(nafnet(nafnetPaperConfig));

  test('has the keys and shapes of the original state dict', async () => {
    expect(shapes).toEqual((await publishedShapes('nafnet_full')).shapes);
  });

  test('has 29,056,227 parameters', async () => {
    expect(parameterCount(shapes)).toBe(29_056_227);
    expect((await publishedShapes('nafnet_full')).parameters).toBe(29_056_227);
  });
});

describe('the network', () => {
  /** What a network that was just initialised makes of a picture, `change` having been done to its parameters. */
  async function answer(height: number, width: number, change: (key: string) => number | undefined) {
    const network = nafnet(small);
    const shape = [1, 3, height, width];
    const first = initialiseParameters(declareParameters(network, shape), 3);
    const parameters = Object.fromEntries(
      Object.entries(first).map(([key, value]) => {
        const constant = change(key);
        return [
          key,
          constant === undefined
            ? value
            : { ...value, data: new Float32Array(elementCount(value.shape)).fill(constant) },
        ];
      }),
    );
    const program = trace(({ input, inputs }) => ({
      y: applyNetwork(network, inputs('p', parameters), input('x', shape)),
    }));
    const executable = await cpu().load(compile(program));
    const random = createRandom(8);
    const picture = Float32Array.from({ length: elementCount(shape) }, () => random.uniform());
    const { fetched } = await executable.run({
      ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value])),
      x: { data: picture, shape, dtype: 'float32' },
    });
    await executable.release();
    return { picture, result: fetched['y'] };
  }

  test('adds what it computes to the picture: with a last layer of zeros it is the identity', async () => {
    const { picture, result } = await answer(8, 8, (key) => (key.startsWith('ending') ? 0 : undefined));
    expect(result?.data).toEqual(picture);
  });

  test('takes pictures of any size', async () => {
    const { picture, result } = await answer(7, 9, (key) => (key.startsWith('ending') ? 0 : undefined));
    expect(result?.shape).toEqual([1, 3, 7, 9]);
    expect(result?.data).toEqual(picture);
  });

  test('starts with blocks that do nothing: their scales are 0', async () => {
    const before = await answer(8, 8, () => undefined);
    const after = await answer(8, 8, (key) => (key.includes('.conv1.') ? 0.5 : undefined));
    expect(after.result?.data).toEqual(before.result?.data);
    const woken = await answer(8, 8, (key) => (key.endsWith('.beta') ? 1 : undefined));
    expect(woken.result?.data).not.toEqual(before.result?.data);
  });
});

describe('recognition', () => {
  const sizes: readonly NafnetConfig[] = [
    nafnetPaperConfig,
    small,
    { ...small, img_channel: 1, width: 6, dw_expand: 2, ffn_expand: 3 },
    { ...small, width: 8, enc_blk_nums: [1, 1, 11], middle_blk_num: 12, dec_blk_nums: [2, 1, 3] },
    { ...small, enc_blk_nums: [0, 1], middle_blk_num: 0, dec_blk_nums: [0, 0] },
  ];

  test.each(sizes)('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(nafnet(config), config.img_channel);
    for (const given of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(given);
      expect(recognised?.architecture.name).toBe('nafnet');
      expect(recognised?.description.config).toEqual(config);
    }
  });

  test('says what tiling and training need to know', () => {
    expect(recogniseNetwork(shapesOf(nafnet(nafnetPaperConfig)))?.description).toMatchObject({
      inputChannels: 3,
      multiple: 16,
      tilesExactly: false,
      blindSpot: false,
      width: 64,
    });
  });

  test('a config that was written down gives the same network', () => {
    const { config, network } = nafnetArchitecture.ofConfig({ ...small });
    expect(config).toEqual(small);
    expect(shapesOf(network)).toEqual(shapesOf(nafnet(small)));
    expect(nafnetArchitecture.ofConfig({}).config).toEqual(nafnetPaperConfig);
  });

  test('leaves other networks alone', () => {
    expect(nafnetArchitecture.recognise({})).toBeUndefined();
    expect(nafnetArchitecture.recognise(shapesOf(dbsnl(dbsnlPaperConfig)))).toBeUndefined();
    expect(nafnetArchitecture.recognise(shapesOf(restormer(restormerPaperConfig)))).toBeUndefined();
  });

  test('leaves NAFNet proper alone, whose blocks have gates in place of GELU and excitation', () => {
    const gated = Object.fromEntries(
      Object.entries(shapesOf(nafnet(small))).flatMap(([key, shape]) =>
        key.includes('.se.') ? [[key.replace(/se\.\d/, 'sca.1'), shape] as const] : [[key, shape] as const],
      ),
    );
    expect(recogniseNetwork(gated)).toBeUndefined();
  });

  test('has no tensors that are no parameters', () => {
    expect(nafnetArchitecture.isBuffer('intro.weight')).toBe(false);
  });
});

describe('sizes by option', () => {
  test('are what AMSNet uses, or another width and another number of blocks in the middle', () => {
    expect(nafnetArchitecture.ofSize({}).config).toEqual(nafnetPaperConfig);
    expect(nafnetArchitecture.ofSize({ baseChannels: 16, modules: 2 }).config).toEqual({
      ...nafnetPaperConfig,
      width: 16,
      middle_blk_num: 2,
    });
  });

  test.each([
    [{ baseChannels: 7 }, /`baseChannels`.*even.*got 7/],
    [{ baseChannels: 514 }, /`baseChannels`.*512.*got 514/],
    [{ modules: 0 }, /`modules`.*got 0/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => nafnetArchitecture.ofSize(size))).toMatch(message);
  });
});
