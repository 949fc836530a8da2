import { describe, expect, test } from 'vitest';
import { declareParameters, initialiseParameters } from '#src/nn/index.js';
import {
  recogniseNetwork,
  studentArchitecture,
  type StudentConfig,
  studentPaperConfig,
  studentReach,
} from '#src/networks/index.js';
import type { Shape } from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { measuredReach } from './measured-reach.js';
import { backwards, countOf, publishedShapes, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: StudentConfig) => studentArchitecture.ofConfig({ ...config });

describe('the size of the papers', () => {
  const shapes = shapesOf(studentArchitecture.ofSize({}));

  test('has 1,021,107 parameters', () => {
    expect(countOf(shapes)).toBe(1_021_107);
  });

  test('has the keys and shapes of the published state dict, in its order', async () => {
    expect(Object.entries(shapes)).toEqual(Object.entries(await publishedShapes('student_full')));
  });

  test('starts with normal weights of deviation √(2 / 1.01 / fanIn), and without biases', () => {
    const { network } = studentArchitecture.ofSize({});
    const first = initialiseParameters(declareParameters(network, [1, 3, 64, 64]), 5);
    const weight = Float64Array.from(first['dec4_2.conv.weight']?.data ?? [], Number);
    const mean = weight.reduce((sum, x) => sum + x, 0) / weight.length;
    const variance = weight.reduce((sum, x) => sum + (x - mean) ** 2, 0) / weight.length;
    expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(2 / 1.01 / (144 * 9)), 3);
    expect(Math.abs(mean)).toBeLessThan(1e-3);
    expect(first['dec4_2.conv.bias']?.data.every((x) => x === 0)).toBe(true);
  });
});

test('an output pixel sees exactly as far as the descriptor says', async () => {
  const description = described({ in_ch: 1, out_ch: 1, channels: 2 });
  expect(description.reach).toBe(studentReach);
  expect(await measuredReach(cpu(), description, studentReach)).toBe(156);
});

describe('recognition', () => {
  test.each<StudentConfig>([
    studentPaperConfig,
    { in_ch: 1, out_ch: 1, channels: 24 },
    { in_ch: 4, out_ch: 3, channels: 5 },
  ])('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.architecture.name).toBe('student');
      expect(recognised?.description.config).toEqual(config);
      expect(recognised?.description.multiple).toBe(32);
    }
  });

  test.each<readonly [string, Record<string, Shape>]>([
    ['nothing', {}],
    ['an encoder alone', { 'enc1.conv.weight': [48, 3, 3, 3], 'enc6.conv.weight': [48, 48, 3, 3] }],
    [
      'a decoder of another width',
      {
        'enc1.conv.weight': [48, 3, 3, 3],
        'enc6.conv.weight': [48, 48, 3, 3],
        'dec1_1.weight': [3, 48, 3, 3],
      },
    ],
  ])('leaves %s alone', (_, shapes) => {
    expect(studentArchitecture.recognise(shapes)).toBeUndefined();
  });
});

describe('sizes by option', () => {
  test('scale the 48 channels', () => {
    expect(studentArchitecture.ofSize({ baseChannels: 24 }).config).toEqual({
      in_ch: 3,
      out_ch: 3,
      channels: 24,
    });
  });

  test.each([
    [{ baseChannels: 0 }, /`baseChannels` must be a whole number from 1 to 512, got 0/],
    [{ baseChannels: 1.5 }, /`baseChannels`.*got 1\.5/],
    [{ modules: 3 }, /`modules` does not apply to the student/],
  ])('%o is refused', async (size, message) => {
    expect(await refusal(() => studentArchitecture.ofSize(size))).toMatch(message);
  });
});
