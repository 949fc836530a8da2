import { describe, expect, test } from 'vitest';
import { unetDiscriminator, vggDiscriminator } from '#src/networks/index.js';
import {
  declareParameters,
  isSpectralVector,
  type ParameterScope,
  powerIterated,
  scopeOf,
} from '#src/nn/index.js';
import type { Tensor, TensorValue } from '#src/tensor/index.js';
import { elementCount, input, trace } from '#src/tensor/index.js';
import { imageJudge } from '#src/upscale/index.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
type Discriminator = (scope: ParameterScope, x: Tensor) => Tensor;

/** Waves in place of random numbers, so that another program can have the same. */
function waves(key: string, number: number, shape: readonly number[]): TensorValue {
  const length = elementCount(shape);
  const inputs = Math.max(1, elementCount(shape.slice(1)));
  const scale = shape.length > 1 ? 2 / Math.sqrt(inputs) : 0.1;
  const shift = key.includes('bn') && key.endsWith('weight') ? 1 : 0;
  const value = (i: number): number =>
    isSpectralVector(key)
      ? Math.sin(i * 1.3 + number) / Math.sqrt(length)
      : Math.sin(i * 0.7 + number) * scale + shift;
  return { data: Float32Array.from({ length }, (_, i) => value(i)), shape, dtype: 'float32' };
}

async function logitsOf(network: Discriminator, side: number): Promise<number[]> {
  const shape = [2, 3, side, side];
  const parameters = Object.fromEntries(
    [...declareParameters(network, shape)].map(([key, declared], i) => [
      key,
      waves(key, i + 1, declared.shape),
    ]),
  );
  const program = trace((declare) => {
    const weights = declare.inputs('p', parameters);
    return { logits: network(scopeOf(powerIterated(weights)), declare.input('x', shape)) };
  });
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.01));
  const named = Object.entries(parameters).map(([key, value]) => [`p/${key}`, value] as const);
  const { logits } = await run(cpu(), program, {
    x: { data, shape, dtype: 'float32' },
    ...Object.fromEntries(named),
  });
  return Array.from(logits?.data ?? [], Number);
}

/** The first logits of the same in PyTorch 1.13. */
const UNET = [0.468524307, 0.208021298, -0.14660272];
const VGG = [0.412525833, 0.379286647];

const count = (network: Discriminator): number =>
  [...declareParameters(network, [1, 3, 128, 128])]
    .filter(([key]) => !isSpectralVector(key))
    .reduce((sum, [, { shape }]) => sum + elementCount(shape), 0);

describe('the U-Net discriminator', () => {
  test('has the size of the original', () => {
    expect(count(unetDiscriminator(64))).toBe(4_376_897);
  });

  test('gives what PyTorch gives, a logit for every pixel', async () => {
    const logits = await logitsOf(unetDiscriminator(8), 32);
    expect(logits).toHaveLength(2 * 32 * 32);
    for (const [i, expected] of UNET.entries()) expect(logits[i]).toBeCloseTo(expected, 5);
  });

  test('refuses patches that it cannot halve', () => {
    expect(() => imageJudge('unet', 100, 0)).toThrow('multiple of 8');
  });
});

describe('the VGG-style discriminator', () => {
  test('has the size of the original', () => {
    expect(count(vggDiscriminator(64))).toBe(14_499_401);
  });

  test('gives what PyTorch gives, a logit for every picture', async () => {
    const logits = await logitsOf(vggDiscriminator(8), 128);
    expect(logits).toHaveLength(2);
    for (const [i, expected] of VGG.entries()) expect(logits[i]).toBeCloseTo(expected, 5);
  });

  test('refuses other sizes', () => {
    expect(() => imageJudge('vgg', 96, 0)).toThrow('128 or 256');
    expect(() => vggDiscriminator(8)(scopeOf({}), input('x', [1, 3, 96, 96]))).toThrow('128 or 256');
  });
});
