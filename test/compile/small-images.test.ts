import { describe, expect, test } from 'vitest';
import { bindInputs, compile, operatorCounts } from '#src/compile/index.js';
import type { ConvolutionOptions, Program, Shape } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { expectRightNumbers } from './interpreted.js';
import { cpuRuntime } from './running.js';

const cpu = cpuRuntime();

type Part = 'forward' | 'input' | 'weight';

/** Some of a convolution, its gradient in x and its gradient in the weight. */
function convolving(
  { x: imageShape, weight: weightShape }: { readonly x: Shape; readonly weight: Shape },
  options: ConvolutionOptions,
  parts: readonly Part[],
): Program {
  return t.trace((declare) => {
    const [x, weight] = [declare.input('x', imageShape), declare.input('weight', weightShape)];
    const bias = declare.input('bias', weightShape.slice(0, 1));
    const y = t.conv2d(x, weight, bias, options);
    const [dx = y, dw = y] = t.gradientsOf(y, [x, weight], declare.input('upstream', y.shape));
    const outputs = { forward: y, input: dx, weight: dw };
    return Object.fromEntries(parts.map((part) => [`result ${part}`, outputs[part]]));
  });
}

const counts = (program: Program, device: 'cpu' | 'webgpu' = 'cpu') =>
  operatorCounts(compile(program, { device }));

const products = (found: Readonly<Record<string, number>>): number =>
  (found['MatMul'] ?? 0) + (found['FusedMatMul'] ?? 0) + (found['Gemm'] ?? 0);

describe('1×1 convolutions of a batch of images of few pixels', () => {
  const shapes = { x: [25, 64, 2, 2], weight: [32, 64, 1, 1] };

  test('are one product over the batch each, forwards and backwards', () => {
    expect(counts(convolving(shapes, {}, ['forward']))).toMatchObject({ Gemm: 1, Transpose: 2 });
    expect(counts(convolving(shapes, {}, ['input']))).toMatchObject({ FusedMatMul: 1, Transpose: 2 });
    expect(counts(convolving(shapes, {}, ['weight']))).toMatchObject({ FusedMatMul: 1, Transpose: 2 });
    for (const part of ['forward', 'input', 'weight'] as const) {
      const found = counts(convolving(shapes, {}, [part]));
      for (const absent of ['Conv', 'ReduceSum', 'Slice', 'Pad']) expect(found[absent]).toBeUndefined();
    }
  });

  test('move each image once', () => {
    const found = counts(convolving(shapes, {}, ['forward', 'input', 'weight']));
    expect(products(found)).toBe(3);
    // x and the upstream gradient to the form of products, y and dx back.
    expect(found['Transpose']).toBe(4);
  });

  test('pass on what they made to the next in its form', () => {
    const two = t.trace(({ input }) => {
      const y = t.conv2d(input('x', [25, 64, 2, 2]), input('first', [32, 64, 1, 1]));
      return { y: t.conv2d(y, input('second', [16, 32, 1, 1])) };
    });
    const live = counts(two);
    expect(products(live)).toBe(2);
    // x to the form of products, the result back.
    expect(live['Transpose']).toBe(2);
  });

  test('stay convolutions where images are larger, where the weight is constant, and on GPUs', () => {
    const large = convolving({ ...shapes, x: [25, 64, 3, 3] }, {}, ['forward']);
    expect(counts(large)).toMatchObject({ Conv: 1 });
    const small = convolving(shapes, {}, ['forward']);
    const data = new Float32Array(32 * 64);
    const bound = bindInputs(small, { weight: { data, shape: shapes.weight, dtype: 'float32' } });
    expect(counts(bound)).toMatchObject({ Conv: 1 });
    expect(counts(small, 'webgpu')).toMatchObject({ Conv: 1 });
  });

  test('have one product per image in their weight gradient where the images outweigh the weight', () => {
    const found = counts(convolving({ x: [25, 8, 16, 16], weight: [8, 8, 1, 1] }, {}, ['weight']));
    expect(found).toMatchObject({ FusedMatMul: 1, ReduceSum: 1 });
    expect(found['Transpose']).toBeUndefined();
  });
});

describe('what stands between convolutions of small images', () => {
  /** A block of NAFNet's kind on images of `side`², with all its gradients. */
  const block = (side: number) =>
    t.trace(({ input }) => {
      const x = input('x', [3, 16, side, side]);
      const [scale, shift] = [input('scale', [1, 16, 1, 1]), input('shift', [16])];
      const [first, depth, last] = [
        input('first', [16, 16, 1, 1]),
        input('depth', [16, 1, 3, 3]),
        input('last', [16, 16, 1, 1]),
      ];
      const spread = t.conv2d(x, depth, undefined, { padding: 1, groups: 16 });
      const means = t.mean(spread, { axes: [1], keepAxes: true });
      const even = t.divide(
        t.subtract(spread, means),
        t.add(t.sqrt(t.add(t.multiply(means, means), 1)), 0.1),
      );
      const mixed = t.gelu(t.conv2d(even, first, shift));
      const excited = t.multiply(mixed, t.sigmoid(t.mean(mixed, { axes: [2, 3], keepAxes: true })));
      const y = t.add(x, t.multiply(t.conv2d(excited, last), scale));
      const loss = t.mean(t.multiply(y, t.tanh(t.maximum(y, t.multiply(y, -0.1)))));
      const inputs = [x, scale, shift, first, depth, last];
      return {
        y,
        loss,
        ...Object.fromEntries(t.gradientsOf(loss, inputs).map((gradient, i) => [`gradient ${i}`, gradient])),
      };
    });

  test.each([1, 2, 5, 8, 9])('the same numbers in images of %i²', async (side) => {
    await expectRightNumbers(cpu(), block(side));
  });

  test('goes on in their form: what changes it is the picture that comes in, and what goes out', () => {
    // x, y, and the gradient in x; the form of the upstream gradient is that of y.
    expect(counts(block(8))['Transpose']).toBe(3);
    expect(counts(block(9))['Conv']).toBeGreaterThan(1);
  });
});

describe('depthwise convolutions', () => {
  const small = { x: [25, 16, 8, 8], weight: [16, 1, 3, 3] };
  const options = { groups: 16, padding: 1 };

  test('of small images are products of a matrix per channel', () => {
    const found = counts(convolving(small, options, ['forward', 'input', 'weight']));
    // The channels' matrices, made for either direction, the convolution, its adjoint, the pairs, and the taps' sums of them.
    expect(products(found)).toBe(6);
    expect(found['Transpose']).toBe(4);
    for (const absent of ['Conv', 'Slice', 'Pad', 'ReduceSum']) expect(found[absent]).toBeUndefined();
  });

  test('of large images are convolutions, and their weight gradient needs no matrix product', () => {
    const large = { ...small, x: [2, 16, 9, 9] };
    expect(counts(convolving(large, options, ['forward']))).toMatchObject({ Conv: 1 });
    expect(counts(convolving(large, options, ['input']))).toMatchObject({ Conv: 1 });
    const found = counts(convolving(large, options, ['weight']));
    expect(found).toMatchObject({ Mul: 9, ReduceSum: 9, Slice: 9 });
    expect(products(found)).toBe(0);
  });
});
