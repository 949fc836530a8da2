import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { type AnySizeProgram, compileForAnySize } from '#src/compile/index.js';
import { reflectPad } from '#src/pixels/reflect.js';
import { createRandom } from '#src/random.js';
import * as t from '#src/tensor/index.js';
import type { Tensor, TensorValue } from '#src/tensor/index.js';
import { refusal } from '../weights/files.js';
import { cpuRuntime, run } from './running.js';
import { bodies, type Body, CHANNELS, drawn, request, tracing, values } from './any-size-bodies.js';

const cpu = cpuRuntime();

/** What the program for the padded picture gives, cut to the picture. */
async function expected(body: Body, multiple: number, x: TensorValue): Promise<Float32Array> {
  const [, , height = 0, width = 0] = x.shape;
  const [high, wide] = [height, width].map((size) => Math.ceil(size / multiple) * multiple);
  if (high === undefined || wide === undefined) expect.fail();
  const padding = { top: 0, left: 0, bottom: high - height, right: wide - width };
  const data = reflectPad(Float32Array.from(x.data, Number), CHANNELS, height, width, padding);
  const fed = { x: { data, shape: [1, CHANNELS, high, wide], dtype: 'float32' as const }, ...values };
  const { y } = await run(cpu(), tracing(body)(high, wide), fed);
  const whole = Float32Array.from(y?.data ?? [], Number);
  return whole.filter((_, i) => i % wide < width && Math.floor(i / wide) % high < height);
}

describe('one model for pictures of any size', () => {
  test.each(Object.entries(bodies))(
    '%s: the same numbers as the program for each size',
    async (_, { body, multiple }) => {
      const session = await ort.InferenceSession.create(compileForAnySize(request(body, multiple)));
      for (const [height, width] of [
        [2, 2],
        [3, 7],
        [8, 16],
        [37, 53],
        [21, 34],
      ] as const) {
        const x = drawn([1, CHANNELS, height, width]);
        const { y } = await session.run({ x: new ort.Tensor('float32', x.data, [...x.shape]) });
        expect(y?.dims).toEqual([1, CHANNELS, height, width]);
        const wanted = await expected(body, multiple, x);
        expect(wanted.some((value) => Math.abs(value) > 1e-3)).toBe(true);
        const data = y?.data;
        if (!(data instanceof Float32Array)) expect.fail();
        const difference = wanted.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (data[i] ?? Number.NaN))),
          0,
        );
        expect(difference).toBeLessThan(2e-5);
      }
      await session.release();
    },
  );

  test('takes pictures of one pixel, however large the multiple', async () => {
    const bytes = compileForAnySize(request((x) => t.upsampleNearest(t.avgPool2d(x, 8), 8), 8));
    const session = await ort.InferenceSession.create(bytes);
    const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [1, 4, 1, 1]) });
    expect(y?.data).toEqual(Float32Array.of(1, 2, 3, 4));
    // 0 1 2 | 1 0 1 2 1: the mean of eight reflected pixels of three.
    const line = new ort.Tensor('float32', [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], [1, 4, 1, 3]);
    const { y: means } = await session.run({ x: line });
    expect(means?.data).toEqual(new Float32Array(12).fill(1));
    await session.release();
  });
});

describe('what cannot be one model is refused, with the reason', () => {
  test.each([
    [
      'padding of a convolution that follows the size',
      (x: Tensor) => {
        const [, , height, width] = t.imageShape(x, 'x');
        const weight = t.filled(1, [4, 4, 3, 3]);
        const y = t.conv2d(x, weight, undefined, { padding: [height, 1, 1, 1] });
        return t.slice(y, { axis: 2, start: 0, length: height }, { axis: 3, start: 0, length: width });
      },
      /pads of Conv depends on the size: \[\d+, 1, 1, 1\] and/,
    ],
    [
      'a table of numbers that follow the size',
      (x: Tensor) => {
        const [, , height] = t.imageShape(x, 'x');
        return t.multiply(
          x,
          t.constant(
            Float32Array.from({ length: height }, (_, i) => i),
            [height, 1],
          ),
        );
      },
      /a constant of shape \[\d+, 1\] has another shape for other sizes/,
    ],
    [
      'a number that follows the size by another rule than a mean',
      (x: Tensor) => t.multiply(x, 1 / Math.sqrt(t.extent(x.shape, 2))),
      /the numbers 0\.\d+, .* follow the size by no rule/,
    ],
    [
      'other operators for large pictures',
      (x: Tensor) => (t.extent(x.shape, 2) > 50 ? t.exp(t.negate(x)) : t.tanh(t.negate(x))),
      /its graph has Tanh_\w+ for some sizes and Exp_\w+ there for others/,
    ],
    [
      'more operators for large pictures',
      (x: Tensor) => t.tanh(t.extent(x.shape, 2) > 50 ? t.exp(x) : x),
      /its graph has \d+ nodes for one size and \d+ for another/,
    ],
    [
      'a share of the pixels',
      (x: Tensor) => {
        const third = Math.floor(t.extent(x.shape, 3) / 3);
        const part = t.slice(x, { axis: 3, start: third, length: 1 });
        return t.add(x, part);
      },
      /the sizes \[.*\] follow no rule/,
    ],
  ] as const)('%s', async (_, body, message) => {
    const line = await refusal(async () => compileForAnySize(request(body, 1)));
    expect(line).toMatch(/^the program cannot be written for pictures of any size: /);
    expect(line).toMatch(message);
  });

  test('a result of another size', () => {
    expect(() => compileForAnySize(request((x) => t.upsampleNearest(x, 2), 1))).toThrow(/y must be \[1, 4, /);
  });
});

describe('inputs that are fed a pattern', () => {
  const masked = (rule: (y: number, x: number) => number): AnySizeProgram => ({
    trace: (height, width) =>
      t.trace(({ input }) => ({
        y: t.multiply(input('x', [1, 1, height, width]), input('mask', [1, 1, height, width])),
      })),
    multiple: 2,
    picture: 'x',
    result: 'y',
    values: {},
    patterns: (height, width) => ({
      mask: {
        data: Float32Array.from({ length: height * width }, (_, i) => rule(Math.floor(i / width), i % width)),
        shape: [1, 1, height, width],
        dtype: 'float32',
      },
    }),
  });

  test('that repeats become part of the model', async () => {
    const rule = (y: number, x: number) => ((Math.floor(y / 2) + x) % 3) + 1;
    const session = await ort.InferenceSession.create(compileForAnySize(masked(rule)));
    const [height, width] = [9, 14];
    const ones = new ort.Tensor('float32', new Float32Array(height * width).fill(1), [1, 1, height, width]);
    const { y } = await session.run({ x: ones });
    expect(y?.data).toEqual(
      Float32Array.from({ length: height * width }, (_, i) => rule(Math.floor(i / width), i % width)),
    );
    await session.release();
  });

  test('that is random is refused', async () => {
    const random = createRandom(5);
    const line = await refusal(async () => compileForAnySize(masked(() => random.uniform())));
    expect(line).toMatch(/mask holds other numbers for every size/);
  });
});
