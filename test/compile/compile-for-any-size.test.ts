import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { probes } from '#src/compile/bilinear-form.js';
import { compile, compileForAnySize, type AnySizeProgram } from '#src/compile/index.js';
import { reflectPad } from '#src/pixels/reflect.js';
import { createRandom } from '#src/random.js';
import type { Program, Tensor, TensorValue } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { refusal } from '../weights/files.js';
import { cpuRuntime, run } from './running.js';

const cpu = cpuRuntime();
const CHANNELS = 4;

function drawn(shape: readonly number[], seed = 3): TensorValue {
  const random = createRandom(seed, ...shape);
  return {
    data: Float32Array.from({ length: t.elementCount(shape) }, () => random.normal()),
    shape,
    dtype: 'float32',
  };
}

const weightShapes: Readonly<Record<string, readonly number[]>> = {
  square: [4, 4, 3, 3],
  wide: [16, 4, 1, 1],
  halving: [6, 4, 2, 2],
  doubling: [4, 6, 2, 2],
};
const values = Object.fromEntries(Object.entries(weightShapes).map(([name, shape]) => [name, drawn(shape)]));

/** `[1, 4, height, width]` → the same shape. */
type Body = (x: Tensor, weights: Readonly<Record<string, Tensor>>) => Tensor;

const tracing =
  (body: Body) =>
  (height: number, width: number): Program =>
    t.trace(({ input }) => {
      const weights = Object.fromEntries(
        Object.entries(weightShapes).map(([name, shape]) => [name, input(name, shape)]),
      );
      return { y: body(input('x', [1, CHANNELS, height, width]), weights) };
    });

const need = (tensor: Tensor | undefined): Tensor => tensor ?? expect.fail('there is no such weight');

const request = (body: Body, multiple: number): AnySizeProgram => ({
  trace: tracing(body),
  multiple,
  picture: 'x',
  result: 'y',
  values,
});

/** Sub-images on the batch axis, in the way of pixel-shuffle down-sampling. */
function subImages(x: Tensor): Tensor {
  const [, channels, height, width] = t.imageShape(x, 'subImages');
  const cells = t.reshape(x, [1, channels, height / 2, 2, width / 2, 2]);
  return t.reshape(t.transpose(cells, [3, 5, 0, 1, 2, 4]), [4, channels, height / 2, width / 2]);
}

function wholeImage(x: Tensor): Tensor {
  const [, channels, height, width] = t.imageShape(x, 'wholeImage');
  const cells = t.reshape(x, [2, 2, 1, channels, height, width]);
  return t.reshape(t.transpose(cells, [2, 3, 4, 0, 5, 1]), [1, channels, 2 * height, 2 * width]);
}

const bodies: Readonly<Record<string, { readonly multiple: number; readonly body: Body }>> = {
  'a convolution': {
    multiple: 1,
    body: (x, { square }) => t.conv2d(x, need(square), undefined, { padding: 1 }),
  },
  'a mean over all pixels': { multiple: 1, body: (x) => t.multiply(x, t.sigmoid(t.globalAvgPool(x))) },
  'instance normalisation': { multiple: 2, body: (x) => t.instanceNorm(x) },
  'group normalisation': { multiple: 1, body: (x) => t.groupNorm(x, 2) },
  'normalised channels': {
    multiple: 3,
    body: (x) => t.layerNormChannels(x, { weight: t.filled(2, [4]), bias: t.filled(1, [4]) }),
  },
  'sub-images on the batch axis': {
    multiple: 2,
    body: (x, { square }) => wholeImage(t.conv2d(subImages(x), need(square), undefined, { padding: 1 })),
  },
  'shuffled pixels': {
    multiple: 4,
    body: (x, { wide }) =>
      t.pixelShuffle(t.conv2d(t.avgPool2d(t.pixelShuffle(t.pixelUnshuffle(x, 4), 4), 2), need(wide)), 2),
  },
  'a strided convolution and back': {
    multiple: 2,
    body: (x, { halving, doubling }) => {
      const small = t.conv2d(x, need(halving), undefined, { stride: 2 });
      const [, , height, width] = t.imageShape(x, 'x');
      const geometry = { stride: [2, 2], dilation: [1, 1], padding: [0, 0, 0, 0], groups: 1 } as const;
      return t.add(
        t.convTranspose2d(small, t.transpose(need(doubling), [1, 0, 2, 3]), { stride: 2 }),
        t.convolutionInputGradient(small, need(halving), geometry, [1, 4, height, width]),
      );
    },
  },
  'pooling and repeated pixels': {
    multiple: 8,
    body: (x) =>
      t.upsampleNearest(t.maxPool2d(t.upsampleNearest(t.maxPool2d(x, { kernel: 4 }), 2), { kernel: 2 }), 4),
  },
  'padding, parts and joins': {
    multiple: 2,
    body: (x) => {
      const [, , height, width] = t.imageShape(x, 'x');
      const padded = t.padReplicate(t.padReflect(x, { left: 1, bottom: 1 }), { right: 2 });
      const turned = t.slice(padded, { axis: 3, start: width + 2, length: width, step: -1 });
      const half = t.slice(turned, { axis: 2, start: 1, length: height / 2, step: 2 });
      return t.concat(
        [half, t.padZero(t.slice(half, { axis: 3, start: 1, length: width - 1 }), { right: 1 })],
        2,
      );
    },
  },
  'attention between channels': {
    multiple: 1,
    body: (x) => {
      const [, channels, height, width] = t.imageShape(x, 'x');
      const rows = t.reshape(x, [1, 2, channels / 2, height * width]);
      const scores = t.softmax(t.matmul(t.tanh(rows), rows, { transposeB: true }));
      return t.reshape(t.matmul(scores, rows), x.shape);
    },
  },
  'attention between the pixels of windows': {
    multiple: 4,
    body: (x) => {
      const [, channels, height, width] = t.imageShape(x, 'x');
      const cells = t.transpose(t.reshape(x, [1, channels, height / 4, 4, width / 4, 4]), [0, 2, 4, 3, 5, 1]);
      const windows = t.reshape(cells, [(height / 4) * (width / 4), 16, channels]);
      const mixed = t.reshape(t.scaledDotProductAttention(windows, windows, windows), cells.shape);
      return t.reshape(t.transpose(mixed, [0, 5, 1, 3, 2, 4]), x.shape);
    },
  },
};

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

/** Whether an integer comes from the rows or columns of a probe, all of which are primes above 36. */
const ofProbes = (integer: bigint): boolean =>
  integer !== 0n &&
  probes.some(({ rows, columns }) => [rows, columns].some((side) => integer % BigInt(side) === 0n));

describe('its graph', () => {
  test.each(Object.entries(bodies))(
    'of %s is that of the program, around it the sizes',
    (_, { body, multiple }) => {
      const general = fromBinary(ModelProtoSchema, compileForAnySize(request(body, multiple)));
      const still = fromBinary(
        ModelProtoSchema,
        compile(tracing(body)(3 * multiple * 8, 5 * multiple * 8), { device: 'portable' }).bytes,
      );
      const operators = (general.graph?.node ?? []).map(({ opType }) => opType);
      const program = (still.graph?.node ?? []).map(({ opType }) => opType);
      const start = operators.length - program.length - (multiple === 1 ? 0 : 2);
      expect(operators.slice(start, start + program.length)).toEqual(program);
      if (multiple > 1) expect(operators.slice(-2)).toEqual(['Concat', 'Slice']);
      // What comes before computes integers, means' factors and the padding, and nothing else.
      const arithmetic = [
        'Shape',
        'Add',
        'Sub',
        'Mul',
        'Div',
        'Mod',
        'Min',
        'Max',
        'Range',
        'Squeeze',
        'Gather',
        'Concat',
        'Reshape',
        'Cast',
        'Reciprocal',
      ];
      for (const operator of operators.slice(0, start)) expect(arithmetic).toContain(operator);
    },
  );

  test.each(Object.entries(bodies))('of %s holds the size of no probe', (_, { body, multiple }) => {
    const { graph } = fromBinary(ModelProtoSchema, compileForAnySize(request(body, multiple)));
    for (const { rawData, dataType } of graph?.initializer ?? []) {
      if (dataType !== TensorProto_DataType.INT64) continue;
      const integers = new BigInt64Array(rawData.slice().buffer);
      for (const integer of integers) expect(ofProbes(integer)).toBe(false);
    }
    for (const { attribute } of graph?.node ?? [])
      for (const { ints } of attribute) expect(ints.some(ofProbes)).toBe(false);
  });

  test('has standard operators only, and free extents with names', () => {
    const attention = bodies['attention between channels'];
    if (attention === undefined) expect.fail();
    const model = fromBinary(ModelProtoSchema, compileForAnySize(request(attention.body, 1)));
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 21n]]);
    expect(model.graph?.node.every(({ domain }) => domain === '')).toBe(true);
    for (const port of [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])]) {
      const type = port.type?.value;
      if (type?.case !== 'tensorType') expect.fail();
      expect(type.value.shape?.dim.map(({ value }) => value.value)).toEqual([1n, 4n, 'height', 'width']);
    }
  });

  test.each(Object.entries(bodies))(
    'of %s tells every shape, as it follows the size',
    (_, { body, multiple }) => {
      const { graph } = fromBinary(ModelProtoSchema, compileForAnySize(request(body, multiple)));
      const shapes = (graph?.valueInfo ?? []).map(({ type }) =>
        type?.value.case === 'tensorType'
          ? (type.value.value.shape?.dim.map(({ value }) => value.value) ?? [])
          : [],
      );
      expect(shapes.length).toBeGreaterThan(0);
      const extents = shapes.flat();
      expect(extents.some((e) => typeof e === 'string')).toBe(true);
      for (const e of extents) if (typeof e === 'bigint') expect(ofProbes(e)).toBe(false);
    },
  );

  test('computes each size once', () => {
    const body: Body = (x) => {
      let y = x;
      for (let i = 0; i < 10; i++) y = wholeImage(t.add(subImages(y), 0.5));
      return y;
    };
    const { graph } = fromBinary(ModelProtoSchema, compileForAnySize(request(body, 2)));
    const count = (name: string): number =>
      (graph?.node ?? []).filter(({ opType }) => opType === name).length;
    expect(count('Shape')).toBe(2);
    expect(count('Div')).toBe(2);
    expect(count('Reshape')).toBe(40);
    // Four shapes, used ten times, and the size of the result.
    expect(count('Concat')).toBe(5);
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
