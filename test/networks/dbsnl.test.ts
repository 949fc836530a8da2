import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { applyNetwork, createRandom, declareParameters, initialiseParameters } from '#src/nn/index.js';
import {
  dbsnl,
  dbsnlArchitecture,
  type DbsnlConfig,
  dbsnlPaperConfig,
  dbsnlReach,
  recogniseNetwork,
} from '#src/networks/index.js';
import type { Shape } from '#src/tensor/index.js';
import { elementCount, trace } from '#src/tensor/index.js';
import { readSafetensorsHeader } from '#src/weights/index.js';
import { compile } from '#src/compile/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';

const cpu = cpuRuntime();

const shapesOf = (config: DbsnlConfig): Record<string, Shape> =>
  Object.fromEntries(
    [...declareParameters(dbsnl(config), [1, config.in_ch, 32, 32])].map(([key, { shape }]) => [key, shape]),
  );

describe('the size of the papers', () => {
  const shapes = shapesOf(dbsnlPaperConfig);

  test('has 3,656,131 parameters', () => {
    expect(Object.values(shapes).reduce((sum, shape) => sum + elementCount(shape), 0)).toBe(3_656_131);
  });

  test('has the keys and shapes of the published state dict, in its order', async () => {
    const path = new URL('../fixtures/networks/dbsnl_full.safetensors', import.meta.url).pathname;
    await readFile(path);
    const { metadata } = await readSafetensorsHeader(path);
    const order: unknown = JSON.parse(metadata['parameter_order'] ?? '');
    const expected = (Array.isArray(order) ? order : []).filter(
      (entry: unknown) => Array.isArray(entry) && !String(entry[0]).endsWith('.mask'),
    );
    expect(expected.length).toBeGreaterThan(90);
    expect(Object.entries(shapes)).toEqual(expected);
  });

  test('reaches 29 pixels', () => {
    expect(dbsnlReach(dbsnlPaperConfig)).toBe(29);
  });
});

describe('an output pixel', () => {
  /** Which output pixels change with one input pixel, and by how many pixels they are away from it at most. */
  async function influence(config: DbsnlConfig, size: number, y: number, x: number) {
    const network = dbsnl(config);
    const shape = [1, config.in_ch, size, size];
    const parameters = initialiseParameters(declareParameters(network, shape), 3);
    const program = trace(({ input, inputs }) => ({
      y: applyNetwork(network, inputs('p', parameters), input('x', shape)),
    }));
    const executable = await cpu().load(compile(program));
    const random = createRandom(8);
    const picture = Float32Array.from({ length: elementCount(shape) }, () => random.uniform());
    const feeds = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value]));
    const answer = async (data: Float32Array): Promise<Float32Array> => {
      const { fetched } = await executable.run({ ...feeds, x: { data, shape, dtype: 'float32' } });
      const result = fetched['y']?.data;
      if (!(result instanceof Float32Array)) throw new Error('no answer');
      return result;
    };
    const before = await answer(picture);
    let farthest = 0;
    let own = 0;
    for (const change of [-8, 0.5, 8, 40]) {
      const changed = picture.slice();
      for (let c = 0; c < config.in_ch; c++) {
        const at = (c * size + y) * size + x;
        changed[at] = (changed[at] ?? 0) + change * (c + 1);
      }
      const after = await answer(changed);
      for (const [i, value] of after.entries()) {
        if (Object.is(value, before[i])) continue;
        const distance = Math.max(Math.abs((Math.floor(i / size) % size) - y), Math.abs((i % size) - x));
        farthest = Math.max(farthest, distance);
        if (distance === 0) own += 1;
      }
    }
    await executable.release();
    return { farthest, own };
  }

  test.each([
    { in_ch: 3, out_ch: 3, base_ch: 8, num_module: 1 },
    { in_ch: 1, out_ch: 2, base_ch: 6, num_module: 2 },
    { in_ch: 3, out_ch: 3, base_ch: 12, num_module: 3 },
  ])('never sees the input at its own place, and sees no further than the reach: %o', async (config) => {
    const reach = dbsnlReach(config);
    const { farthest, own } = await influence(config, 2 * reach + 5, reach + 2, reach + 1);
    expect(own).toBe(0);
    expect(farthest).toBe(reach);
  });

  test('never sees the input at its own place at borders and corners', async () => {
    const config = { in_ch: 3, out_ch: 3, base_ch: 8, num_module: 1 };
    for (const [y, x] of [
      [0, 0],
      [0, 5],
      [10, 10],
    ] as const)
      expect((await influence(config, 11, y, x)).own).toBe(0);
  });
});

describe('recognition', () => {
  const sizes: readonly DbsnlConfig[] = [
    dbsnlPaperConfig,
    { in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 },
    { in_ch: 1, out_ch: 1, base_ch: 8, num_module: 1 },
    { in_ch: 4, out_ch: 3, base_ch: 16, num_module: 12 },
  ];

  test.each(sizes)('deduces %o from shapes', (config) => {
    const recognised = recogniseNetwork(shapesOf(config));
    expect(recognised?.description.config).toEqual(config);
    expect(recognised?.description.reach).toBe(dbsnlReach(config));
    expect(recognised?.description.inputChannels).toBe(config.in_ch);
    expect(recognised?.architecture.name).toBe('dbsnl');
  });

  test('does not depend on the order of the tensors', () => {
    for (const config of sizes) {
      const backwards = Object.fromEntries(Object.entries(shapesOf(config)).reverse());
      expect(recogniseNetwork(backwards)?.description.config).toEqual(config);
    }
  });

  test('is not confused by the masks of published checkpoints', () => {
    const shapes = shapesOf(dbsnlPaperConfig);
    const masked = { ...shapes, 'branch1.body.0.mask': shapes['branch1.body.0.weight'] ?? [] };
    expect(recogniseNetwork(masked)?.description.config).toEqual(dbsnlPaperConfig);
    expect(dbsnlArchitecture.isBuffer('branch1.body.0.mask')).toBe(true);
    expect(dbsnlArchitecture.isBuffer('branch1.body.0.weight')).toBe(false);
  });

  test.each<readonly [string, Record<string, Shape>]>([
    ['nothing', {}],
    ['another network', { 'conv_first.weight': [64, 3, 3, 3], 'conv_last.weight': [3, 64, 3, 3] }],
    ['a head and a tail alone', { 'head.0.weight': [8, 3, 1, 1], 'tail.6.weight': [3, 4, 1, 1] }],
  ])('leaves %s alone', (_, shapes) => {
    expect(recogniseNetwork(shapes)).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('are 32 channels and 3 modules, or what is asked for', () => {
    expect(dbsnlArchitecture.ofSize({}).config).toEqual({ in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 });
    expect(dbsnlArchitecture.ofSize({ baseChannels: 8, modules: 1 }).config).toEqual({
      in_ch: 3,
      out_ch: 3,
      base_ch: 8,
      num_module: 1,
    });
  });

  test.each([
    [{ baseChannels: 7 }, /`baseChannels`.*even.*got 7/],
    [{ baseChannels: 0 }, /`baseChannels`.*got 0/],
    [{ baseChannels: 514 }, /`baseChannels`.*512.*got 514/],
    [{ modules: 0 }, /`modules`.*got 0/],
    [{ modules: 2.5 }, /`modules`.*got 2\.5/],
    [{ modules: Number.NaN }, /`modules`.*NaN/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => dbsnlArchitecture.ofSize(size))).toMatch(message);
  });
});
