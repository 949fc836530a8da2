import { expect, test } from 'vitest';
import { isVgg19, normaliseForImageNet, vgg19, vgg19Layers, vgg19Parameters } from '#src/networks/index.js';
import { initialiseParameters, scopeOf } from '#src/nn/index.js';
import type { Shape, TensorValue } from '#src/tensor/index.js';
import { trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { backwards, countOf } from './state-dicts.js';

const cpu = cpuRuntime();
const declared = vgg19Parameters();
const shapes: Record<string, Shape> = Object.fromEntries(
  [...declared].map(([key, { shape }]) => [key, shape]),
);

/** Layers of torchvision's `features`, by what they are: a convolution's width, or a max pool; ReLU follows every convolution. */
const torchvision = [
  [64, 64, 'pool', 128, 128, 'pool', 256, 256, 256, 256, 'pool'],
  [512, 512, 512, 512, 'pool', 512, 512, 512, 512],
].flat();

interface Planes {
  readonly data: Float32Array;
  readonly channels: number;
  readonly side: number;
}

/** A 3×3 convolution of a square picture, in plain loops. */
function convolved({ data, channels, side }: Planes, weight: TensorValue, bias: TensorValue): Planes {
  const out = bias.data.length;
  const result = new Float32Array(out * side * side);
  for (let o = 0; o < out; o++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        let sum = Number(bias.data[o]);
        for (let c = 0; c < channels; c++)
          for (let v = Math.max(0, 1 - y); v < Math.min(3, side + 1 - y); v++)
            for (let u = Math.max(0, 1 - x); u < Math.min(3, side + 1 - x); u++)
              sum +=
                Number(weight.data[((o * channels + c) * 3 + v) * 3 + u]) *
                (data[(c * side + y + v - 1) * side + x + u - 1] ?? 0);
        result[(o * side + y) * side + x] = sum;
      }
  return { data: result, channels: out, side };
}

function pooled({ data, channels, side }: Planes): Planes {
  const half = side / 2;
  const result = Float32Array.from({ length: channels * half * half }, (_, i) => {
    const [c, y, x] = [Math.floor(i / half ** 2), Math.floor(i / half) % half, i % half];
    const at = (c * side + 2 * y) * side + 2 * x;
    return Math.max(...[0, 1, side, side + 1].map((step) => data[at + step] ?? 0));
  });
  return { data: result, channels, side: half };
}

test('has torchvision’s keys and 20,024,384 parameters', () => {
  let [place, into] = [0, 3];
  const expected: [string, Shape][] = [];
  for (const layer of torchvision) {
    if (typeof layer === 'number') {
      expected.push([`features.${place}.weight`, [layer, into, 3, 3]], [`features.${place}.bias`, [layer]]);
      into = layer;
      place += 1;
    }
    place += 1;
  }
  expect(expected.at(-1)?.[0]).toBe('features.34.bias');
  // A pool stands where a ReLU would end the pair.
  const places = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34];
  expect(Object.keys(shapes)).toEqual(
    places.flatMap((at) => [`features.${at}.weight`, `features.${at}.bias`]),
  );
  expect(shapes).toEqual(Object.fromEntries(expected));
  expect(countOf(shapes)).toBe(20_024_384);
});

test('gives the last convolution of every block before its ReLU', async () => {
  const parameters = initialiseParameters(declared, 3);
  const side = 16;
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i) + 0.1);
  const program = trace(({ input, inputs }) => ({
    ...vgg19(scopeOf(inputs('p', parameters)), input('x', [1, 3, side, side])),
  }));
  const feeds = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value]));
  const actual = await run(cpu(), program, {
    ...feeds,
    x: { data, shape: [1, 3, side, side], dtype: 'float32' },
  });

  let planes: Planes = { data, channels: 3, side };
  let place = 0;
  const features: Planes[] = [];
  torchvision.forEach((layer, i) => {
    if (layer === 'pool') planes = pooled(planes);
    else if (typeof layer === 'number') {
      const [weight, bias] = [parameters[`features.${place}.weight`], parameters[`features.${place}.bias`]];
      if (weight === undefined || bias === undefined) throw new Error(`nothing at ${place}`);
      planes = convolved(planes, weight, bias);
      if (typeof torchvision[i + 1] !== 'number') features.push(planes);
      planes = { ...planes, data: planes.data.map((value) => Math.max(0, value)) };
      place += 1;
    }
    place += 1;
  });

  expect(features.map(({ channels, side: rows }) => [1, channels, rows, rows])).toEqual(
    vgg19Layers.map((layer) => actual[layer]?.shape),
  );
  vgg19Layers.forEach((layer, i) => {
    const expected = Array.from(features[i]?.data ?? []);
    const difference = expected.map((value, j) => value - Number(actual[layer]?.data[j]));
    expect(Math.hypot(...difference) / Math.hypot(...expected), layer).toBeLessThan(1e-5);
    // Before the ReLU there are negative numbers.
    expect(Math.min(...expected)).toBeLessThan(0);
  });
});

test('takes pictures normalised by ImageNet’s statistics', async () => {
  const program = trace(({ input }) => ({ y: normaliseForImageNet(input('x', [1, 3, 1, 1])) }));
  const x: TensorValue = {
    data: Float32Array.of(0.485, 0.456 + 0.224, 1),
    shape: [1, 3, 1, 1],
    dtype: 'float32',
  };
  const { y } = await run(cpu(), program, { x });
  [0, 1, (1 - 0.406) / 0.225].forEach((value, i) => {
    expect(Number(y?.data[i])).toBeCloseTo(value, 5);
  });
});

test('is recognised by its convolutions, in any order, whatever else is there', () => {
  expect(isVgg19(backwards({ ...shapes, 'classifier.0.weight': [4096, 25088] }))).toBe(true);
  const { 'features.34.weight': last, ...fewer } = shapes;
  expect(last).toEqual([512, 512, 3, 3]);
  expect(isVgg19(fewer)).toBe(false);
  expect(isVgg19({ ...shapes, 'features.1.weight': [64] })).toBe(false);
  expect(isVgg19({})).toBe(false);
});
