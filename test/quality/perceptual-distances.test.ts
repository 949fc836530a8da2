import { expect, test } from 'vitest';
import {
  dists,
  distsLoss,
  type DistsParameters,
  l2Pooling,
  lpips,
  lpipsBackbones,
  lpipsLoss,
  lpipsNetworks,
} from '#src/quality/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { gradientsOf, grouped, input, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { madeBackbone, madeDistsWeights, madeHeads } from '../models/distances.js';

const cpu = cpuRuntime();
const shape = [2, 3, 40, 36];

const pictures = (phase: number): TensorValue => ({
  data: Float32Array.from(
    { length: 2 * 3 * 40 * 36 },
    (_, i) => 0.5 + 0.4 * Math.sin(i * 0.37 + phase * (1 + Math.floor(i / (3 * 40 * 36)))),
  ),
  shape,
  dtype: 'float32',
});

type Distance = (backbone: TensorRecord, own: TensorRecord, x: Tensor, y: Tensor) => Tensor;

interface Measure {
  readonly name: string;
  readonly backbone: Readonly<Record<string, TensorValue>>;
  readonly own: Readonly<Record<string, TensorValue>>;
  readonly distance: Distance;
  readonly loss: Distance;
}

const asDists = (backbone: TensorRecord, weights: TensorRecord): DistsParameters => ({ backbone, weights });

const measures: readonly Measure[] = [
  ...lpipsNetworks.map(
    (network): Measure => ({
      name: `LPIPS ${network}`,
      backbone: madeBackbone(network),
      own: madeHeads(network),
      distance: (backbone, heads, x, y) => lpips(network, { backbone, heads }, x, y),
      loss: (backbone, heads, x, y) => lpipsLoss(network, { backbone, heads }, x, y),
    }),
  ),
  {
    name: 'DISTS',
    backbone: madeBackbone('vgg'),
    own: madeDistsWeights(),
    distance: (backbone, own, x, y) => dists(asDists(backbone, own), x, y),
    loss: (backbone, own, x, y) => distsLoss(asDists(backbone, own), x, y),
  },
];

async function results({ backbone, own, distance, loss }: Measure, x: TensorValue, y: TensorValue) {
  const program = trace((declare) => {
    const [net, weights] = [declare.inputs('net', backbone), declare.inputs('own', own)];
    const [p, q] = [declare.input('x', shape), declare.input('y', shape)];
    const made = loss(net, weights, p, q);
    const [slope = made] = gradientsOf(made, [p]);
    return { distance: distance(net, weights, p, q), loss: made, slope };
  });
  const feeds = { x, y, ...grouped('net', backbone), ...grouped('own', own) };
  const found = await run(cpu(), program, feeds);
  return {
    distance: Array.from(found['distance']?.data ?? [], Number),
    loss: Number(found['loss']?.data[0]),
    slope: Array.from(found['slope']?.data ?? [], Number),
  };
}

test.each(measures)('$name: a distance for every picture, the same in both directions', async (measure) => {
  const { distance, loss, slope } = await results(measure, pictures(0), pictures(1));
  expect(distance).toHaveLength(2);
  for (const value of distance) expect(value).toBeGreaterThan(1e-3);
  expect(distance[0]).not.toBeCloseTo(distance[1] ?? 0, 3);
  expect(loss).toBeCloseTo(((distance[0] ?? 0) + (distance[1] ?? 0)) / 2, 6);
  expect(slope.some((value) => value !== 0)).toBe(true);
  const turned = await results(measure, pictures(1), pictures(0));
  turned.distance.forEach((value, i) => {
    expect(value).toBeCloseTo(distance[i] ?? 0, 6);
  });
});

test.each(measures)(
  '$name: equal pictures, and black ones, have gradients that are numbers',
  async (measure) => {
    const same = await results(measure, pictures(2), pictures(2));
    // Rounding may differ between the two halves of a program.
    for (const value of same.distance) expect(Math.abs(value)).toBeLessThan(1e-10);
    expect(same.slope.every((value) => Math.abs(value) < 1e-6)).toBe(true);
    const black: TensorValue = { ...pictures(0), data: new Float32Array(2 * 3 * 40 * 36) };
    const dark = await results(measure, black, pictures(1));
    expect(dark.distance.every((value) => value > 0)).toBe(true);
    expect(dark.slope.every(Number.isFinite)).toBe(true);
  },
);

test('features that a ReLU leaves nothing of have length 0, and a gradient that is a number', async () => {
  const dead = Object.fromEntries(
    Object.entries(madeBackbone('alex')).map(([key, value]) => [
      key,
      key.endsWith('bias') ? { ...value, data: new Float32Array(value.data.length).fill(-100) } : value,
    ]),
  );
  const alex: Measure = {
    ...{ name: 'LPIPS of nothing', backbone: dead, own: madeHeads('alex') },
    distance: (backbone, heads, x, y) => lpips('alex', { backbone, heads }, x, y),
    loss: (backbone, heads, x, y) => lpipsLoss('alex', { backbone, heads }, x, y),
  };
  const { distance, slope } = await results(alex, pictures(0), pictures(1));
  expect(distance).toEqual([0, 0]);
  expect(slope.every((value) => value === 0)).toBe(true);
});

test('L2 pooling is the root of the blurred squares at every second pixel', async () => {
  const [height, width] = [5, 6];
  const data = Float32Array.from({ length: 2 * height * width }, (_, i) => Math.sin(i * 1.3));
  const program = trace((declare) => ({ y: l2Pooling(declare.input('x', [1, 2, height, width])) }));
  const x: TensorValue = { data, shape: [1, 2, height, width], dtype: 'float32' };
  const { y } = await run(cpu(), program, { x });
  expect(y?.shape).toEqual([1, 2, 3, 3]);
  const window = [1, 2, 1];
  for (let channel = 0; channel < 2; channel++)
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++) {
        let sum = 0;
        for (let v = 0; v < 3; v++)
          for (let u = 0; u < 3; u++) {
            const [r, c] = [2 * row + v - 1, 2 * column + u - 1];
            if (r < 0 || r >= height || c < 0 || c >= width) continue;
            sum +=
              ((window[v] ?? 0) * (window[u] ?? 0) * (data[(channel * height + r) * width + c] ?? 0) ** 2) /
              16;
          }
        expect(Number(y?.data[(channel * 3 + row) * 3 + column])).toBeCloseTo(Math.sqrt(sum), 5);
      }
});

test.each(lpipsNetworks)('LPIPS %s knows its channels, its strides and its least side', (network) => {
  const { channels, strides, leastSide, parameters } = lpipsBackbones[network];
  const features = (height: number, width: number) => {
    const weights = Object.fromEntries(
      [...parameters()].map(([key, { shape: of }]) => [key, input(key, of)] as const),
    );
    const heads = Object.fromEntries(
      Object.entries(madeHeads(network)).map(([key, { shape: of }]) => [key, input(key, of)] as const),
    );
    return lpips(
      network,
      { backbone: weights, heads },
      input('x', [1, 3, height, width]),
      input('y', [1, 3, height, width]),
    );
  };
  expect(strides).toHaveLength(channels.length);
  expect(() => features(leastSide, leastSide + 9)).not.toThrow();
  expect(() => features(leastSide - 1, leastSide + 9)).toThrow(RangeError);
});
