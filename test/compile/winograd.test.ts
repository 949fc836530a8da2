import { describe, expect, test } from 'vitest';
import { compile, operatorCounts } from '#src/compile/index.js';
import { createRandom } from '#src/nn/index.js';
import type { ConvolutionOptions, Program, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { expectRightNumbers } from './interpreted.js';
import { cpuRuntime } from './running.js';

const target = { device: 'cpu', block: 16 } as const;

/** Numbers of a trained weight or bias, which a program knows. */
function known(shape: readonly number[], seed: number): Tensor {
  const random = createRandom(seed, 3);
  const count = shape.reduce((product, value) => product * value, 1);
  const scale = 1 / Math.sqrt(count / (shape[0] ?? 1));
  return t.constant(
    Float32Array.from({ length: count }, () => scale * (2 * random.uniform() - 1)),
    shape,
  );
}

/** A 3×3 convolution of known weights. */
function conv(x: Tensor, out: number, seed: number, options: ConvolutionOptions = { padding: 1 }): Tensor {
  return t.conv2d(x, known([out, t.extent(x.shape, 1), 3, 3], seed), known([out], seed + 100), options);
}

/** RRDBNet's dense block, with fewer channels than 64 and 32 where asked. */
function denseBlock(x: Tensor, growth: number, seed: number): Tensor {
  let joined: readonly Tensor[] = [x];
  for (let i = 0; i < 4; i++)
    joined = [...joined, t.leakyRelu(conv(t.concat(joined, 1), growth, seed + i), 0.2)];
  const residual = conv(t.concat(joined, 1), t.extent(x.shape, 1), seed + 4);
  return t.add(x, t.multiply(residual, 0.2));
}

const ofImage = (shape: readonly number[], make: (x: Tensor) => Tensor): Program =>
  t.trace(({ input }) => ({ y: make(input('x', shape)) }));

/** How many convolutions are grouped as Winograd's are: they alone multiply with Bᵀ and Aᵀ. */
const products = (program: Program): number => operatorCounts(compile(program, target))['MatMul'] ?? 0;

describe('numbers', () => {
  const cpu = cpuRuntime();

  test.each([17, 18, 19])('a dense block, pictures %i high', async (height) => {
    const program = ofImage([1, 64, height, 18], (x) => denseBlock(x, 32, 1));
    expect(products(program)).toBeGreaterThan(0);
    await expectRightNumbers(cpu(), program);
  });

  test.each<readonly [string, readonly number[], (x: Tensor) => Tensor]>([
    ['several pictures', [3, 96, 12, 9], (x) => conv(conv(x, 96, 1), 96, 2)],
    ['other paddings at the sides', [1, 96, 16, 17], (x) => conv(x, 96, 1, { padding: [1, 0, 1, 2] })],
    ['between other sizes', [1, 96, 16, 16], (x) => conv(t.upsampleNearest(conv(x, 96, 1), 2), 16, 2)],
    ['to few channels', [1, 96, 16, 16], (x) => conv(t.relu(conv(x, 96, 1)), 3, 2)],
    [
      'a factor for each channel',
      [1, 96, 16, 16],
      (x) => t.multiply(conv(x, 96, 1), known([1, 96, 1, 1], 9)),
    ],
    ['means of pixels', [2, 96, 16, 16], (x) => t.mean(t.square(conv(x, 96, 1)), { axes: [2, 3] })],
    [
      'used as it is and scaled',
      [1, 96, 16, 16],
      (x) => {
        const y = conv(x, 96, 1);
        return t.add(t.multiply(y, -0.3), t.where(t.greater(y, x), y, t.tanh(x)));
      },
    ],
  ])('%s', async (_name, shape, make) => {
    const program = ofImage(shape, make);
    expect(products(program)).toBeGreaterThan(0);
    await expectRightNumbers(cpu(), program);
  });
});

describe('structure', () => {
  const wide = [1, 128, 32, 32] as const;

  test('an image is transformed once for all convolutions, and joined images are not joined', () => {
    const program = ofImage([1, 64, 32, 32], (x) => denseBlock(x, 32, 1));
    const found = operatorCounts(compile(program, target));
    // Bᵀ of five images, Aᵀ of five results; 1 + 2 + 3 + 4 + 5 products.
    expect(found).toMatchObject({ MatMul: 10, Conv: 15, ReorderInput: 1, ReorderOutput: 1 });
    // A row of zeros for each image.
    expect(found['Concat']).toBe(5);
    // The factor of the residual is part of Aᵀ.
    expect(found['Mul']).toBeUndefined();
  });

  test('what follows stays in the order of rows that a convolution leaves', () => {
    const program = ofImage(wide, (x) => conv(t.tanh(t.relu(conv(x, 128, 1))), 128, 2));
    // For each image its rows, and at the end the rows in order.
    expect(operatorCounts(compile(program, target))).toMatchObject({ Gather: 3, ReorderOutput: 1 });
  });

  test.each<readonly [string, Program]>([
    ['fewer channels', ofImage([1, 32, 32, 32], (x) => conv(x, 32, 1))],
    ['few pixels', ofImage([1, 512, 8, 8], (x) => conv(x, 512, 1))],
    ['strides', ofImage(wide, (x) => conv(x, 128, 1, { padding: 1, stride: 2 }))],
    ['dilation', ofImage(wide, (x) => conv(x, 128, 1, { padding: 1, dilation: 2 }))],
    ['no rows of zeros above', ofImage(wide, (x) => conv(x, 128, 1, { padding: [0, 1, 0, 1] }))],
    [
      'weights that are fed',
      t.trace(({ input }) => ({
        y: t.conv2d(input('x', wide), input('weight', [128, 128, 3, 3]), undefined, { padding: 1 }),
      })),
    ],
    [
      'gradients',
      t.trace(({ input }) => {
        const x = input('x', wide);
        const [slope = x] = t.gradientsOf(t.sum(t.square(conv(x, 128, 1))), [x]);
        return { slope };
      }),
    ],
  ])('plain: %s', (_name, program) => {
    expect(products(program)).toBe(0);
  });

  test('plain where there are no blocked convolutions', () => {
    const program = ofImage(wide, (x) => conv(x, 128, 1));
    for (const device of ['cpu', 'webgpu', 'cuda', 'portable'] as const)
      expect(operatorCounts(compile(program, { device }))).toEqual({ Conv: 1 });
  });

  test('the weight is stored once, in the form that is used', () => {
    const program = ofImage(wide, (x) => conv(x, 128, 1));
    const plain = compile(program).bytes.length;
    expect(compile(program, target).bytes.length).toBeLessThan(2.1 * plain);
  });
});
