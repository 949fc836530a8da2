import { describe, expect, test } from 'vitest';
import {
  type NetworkDescription,
  networkCost,
  networkParameters,
  recogniseNetwork,
  type SpanConfig,
  spanArchitecture,
  spanPaperConfig,
} from '#src/networks/index.js';
import { applyNetwork, createRandom, initialiseParameters } from '#src/nn/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { elementCount, grouped, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { backwards, countOf, shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();
const described = (config: Partial<SpanConfig>) => spanArchitecture.ofConfig({ ...config });

async function results(
  { network }: NetworkDescription,
  parameters: Readonly<Record<string, TensorValue>>,
  picture: TensorValue,
): Promise<readonly number[]> {
  const program = trace(({ input, inputs }) => ({
    y: applyNetwork(network, inputs('p', parameters), input('x', picture.shape)),
  }));
  const { y } = await run(cpu(), program, { ...grouped('p', parameters), x: picture });
  return Array.from(y?.data ?? [], Number);
}

const noise = (height: number, width: number): TensorValue => {
  const random = createRandom(5);
  const shape = [1, 3, height, width];
  return {
    data: Float32Array.from({ length: elementCount(shape) }, () => random.uniform()),
    shape,
    dtype: 'float32',
  };
};

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN))) / Math.hypot(...b);

test('the paper’s size has 426,288 parameters once it is folded, and costs what that costs', () => {
  const paper = described(spanPaperConfig);
  const cost = networkCost(paper, [32, 32]);
  expect(cost.parametersInUse).toBe(426_288);
  expect(countOf(shapesOf(described({ form: 'plain' })))).toBe(426_288);
  expect(cost.parameters).toBe(countOf(shapesOf(paper)));
  expect(cost.multiplyAddsPerPixel).toBe(9 * (3 * 48 + 19 * 48 * 48 + 48 * 48) + 4 * 48 * 48);
});

test('the folded network is the learnt one', async () => {
  const learnt = described({ feature_channels: 8, upscale: 2 });
  const own = initialiseParameters(networkParameters(learnt), 7);
  const { folded } = learnt;
  if (folded === undefined) throw new Error('SPAN cannot be folded');
  const plain = folded.parameters(own);
  expect(Object.keys(plain).sort()).toEqual([...networkParameters(folded.description).keys()].sort());
  expect(folded.description.config).toEqual({ ...learnt.config, form: 'plain' });
  expect(folded.description.folded).toBeUndefined();
  const picture = noise(7, 9);
  const found = await results(folded.description, plain, picture);
  expect(distance(found, await results(learnt, own, picture))).toBeLessThan(1e-6);
});

test('begins near the enlarged picture, and signals pass all blocks', async () => {
  const fresh = spanArchitecture.ofSize({ baseChannels: 24 });
  const own = initialiseParameters(networkParameters(fresh), 3);
  const found = await results(fresh, own, { ...noise(9, 9), data: new Float32Array(3 * 81).fill(0.5) });
  // Away from the border, which is padded with zeros.
  const side = 36;
  const middle = found.filter((_, i) =>
    [i % side, Math.floor(i / side) % side].every((at) => at > 8 && at < 27),
  );
  const mean = middle.reduce((a, b) => a + b, 0) / middle.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.1);
  const deviation = Math.hypot(...found.map((value) => value - mean)) / Math.sqrt(found.length);
  expect(deviation).toBeGreaterThan(0.005);
  expect(deviation).toBeLessThan(0.3);
});

test('an output pixel sees 21 pixels each way', async () => {
  const plain = described({ feature_channels: 3, upscale: 1, norm: false, form: 'plain' });
  expect(plain).toMatchObject({ reach: 21, tilesExactly: true, multiple: 1 });
  // Every convolution moves its channels a pixel to the right, and attention is the same everywhere.
  const own = Object.fromEntries(
    [...networkParameters(plain)].map(([key, { shape }]) => {
      const data = new Float32Array(elementCount(shape));
      const [out = 0, into = 0, taps = 1] = shape;
      const tap = taps === 3 ? 3 : 0;
      if (shape.length === 4)
        for (let o = 0; o < out; o++)
          for (let i = 0; i < into; i++) data[(o * into + i) * taps * taps + tap] = i % out === o ? 1 : 0;
      if (key.endsWith('c3_r.eval_conv.bias')) data.fill(2);
      return [key, { data, shape, dtype: 'float32' as const }];
    }),
  );
  const width = 50;
  const [dark, bright] = [new Float32Array(3 * width), new Float32Array(3 * width)];
  bright[10] = 1e4;
  const picture = (data: Float32Array): TensorValue => ({ data, shape: [1, 3, 1, width], dtype: 'float32' });
  const [before, after] = [
    await results(plain, own, picture(dark)),
    await results(plain, own, picture(bright)),
  ];
  const changed = after.flatMap((value, i) => (value === before[i] ? [] : [(i % width) - 10]));
  expect(Math.max(...changed)).toBe(21);
});

describe('recognition', () => {
  test.each<Partial<SpanConfig>>([
    {},
    { feature_channels: 28, upscale: 2 },
    { feature_channels: 8, norm: false },
    { feature_channels: 12, form: 'plain', upscale: 3 },
    { num_in_ch: 1, num_out_ch: 1, form: 'plain', norm: false },
  ])('deduces %o from shapes in any order', (config) => {
    const shapes = shapesOf(described(config));
    for (const each of [shapes, backwards(shapes)]) {
      const recognised = recogniseNetwork(each);
      expect(recognised?.task).toBe('upscale');
      expect(recognised?.architecture.name).toBe('span');
      expect(recognised?.description.config).toEqual({ ...spanPaperConfig, ...config });
    }
  });

  test('leaves out the convolutions that published checkpoints keep beside the branches', () => {
    const { isBuffer } = spanArchitecture;
    expect(isBuffer('conv_2.eval_conv.weight', { form: 'branches' })).toBe(true);
    expect(isBuffer('conv_2.eval_conv.weight', { form: 'plain' })).toBe(false);
    expect(isBuffer('conv_2.sk.weight', { form: 'branches' })).toBe(false);
  });

  const shapes = shapesOf(described({}));
  test.each([
    ['phases that make no square', { ...shapes, 'upsampler.0.weight': [21, 48, 3, 3] }],
    ['another joining', { ...shapes, 'conv_cat.weight': [48, 144, 1, 1] }],
    ['nothing', {}],
  ])('leaves %s alone', (_, others) => {
    expect(spanArchitecture.recognise(others)).toBeUndefined();
  });
});

test('what cannot be is refused', async () => {
  expect(await refusal(() => spanArchitecture.ofSize({ modules: 8 }))).toMatch(
    /`modules` does not apply to span/,
  );
  expect(await refusal(() => spanArchitecture.ofSize({ scale: 5 }))).toMatch(/`scale` must be .* got 5/);
  expect(await refusal(() => spanArchitecture.ofConfig({ form: 'folded' }))).toMatch(
    /branches or plain, got folded/,
  );
  expect(spanArchitecture.ofSize({}).config).toMatchObject({ feature_channels: 48, upscale: 4, norm: false });
});
