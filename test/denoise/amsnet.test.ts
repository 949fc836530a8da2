import { describe, expect, test } from 'vitest';
import { amsnet, amsnetP, hiddenPixelLoss, plainInference, totalVariation } from '#src/denoise/index.js';
import { createRandom } from '#src/nn/index.js';
import type { Tensor } from '#src/tensor/index.js';
import { add, constant, elementCount, input, multiply } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';
import type { Numbers } from '../tensor/interpreter-numbers.js';

const uniform = (seed: number, length: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.uniform());
};

const scalarOf = (results: readonly Numbers[]): number => Number(results[0]?.data[0]);

describe('AMSNet in training', () => {
  const size = { batch: 2, patch: 20 };

  test('hides about half of the pixels of each sub-image, anew each step', () => {
    const draw = (step: number) => amsnet.training.draw(createRandom(0, step), { batch: 4, patch: 100 });
    const { data, shape } = draw(1)['hidden'] ?? { data: new Float32Array(), shape: [] };
    expect(shape).toEqual([100, 1, 20, 20]);
    const hidden = Float32Array.from(data, Number).reduce((sum, x) => sum + x, 0);
    expect(Math.abs(hidden - 20_000)).toBeLessThan(500);
    expect(draw(1)['hidden']).toEqual(draw(1)['hidden']);
    expect(draw(2)['hidden']?.data).not.toEqual(data);
    expect(amsnet.training.specs(size)['hidden']?.shape).toEqual([50, 1, 4, 4]);
  });

  test('compares the hidden elements alone: mean |out − in| over them', () => {
    const [x, y] = [uniform(1, 12), uniform(2, 12)];
    const hidden = [1, 0, 0, 1];
    const loss = hiddenPixelLoss(
      input('y', [1, 3, 2, 2]),
      input('x', [1, 3, 2, 2]),
      constant(Float32Array.from(hidden), [1, 1, 2, 2]),
    );
    let expected = 0;
    for (let i = 0; i < 12; i++) expected += ((hidden[i % 4] ?? 0) * Math.abs((x[i] ?? 0) - (y[i] ?? 0))) / 6;
    expect(scalarOf(interpret([loss], { x, y }))).toBeCloseTo(expected, 6);
  });

  test('shows the network zeros where pixels are hidden, so that the identity is no solution', () => {
    const patches = Float64Array.from(uniform(3, 2 * 3 * 400), (v) => 0.2 + 0.6 * v);
    const { hidden } = amsnet.training.draw(createRandom(4), size);
    const draws = { hidden: constant(Float32Array.from(hidden?.data ?? [], Number), hidden?.shape ?? []) };
    const loss = amsnet.training.objective((x) => x, input('patches', [2, 3, 20, 20]), draws);
    // The identity answers 0 there: the loss is the mean of the hidden pixels, near that of all.
    expect(Math.abs(scalarOf(interpret([loss], { patches })) - 0.5)).toBeLessThan(0.03);
  });
});

describe('AMSNet-P', () => {
  test('adds λ times the total variation of the stitched picture to its distance from the noisy one', () => {
    const shape = [1, 3, 10, 10];
    const patches = uniform(5, elementCount(shape));
    const { hidden } = amsnetP.training.draw(createRandom(6), { batch: 1, patch: 10 });
    const draws = { hidden: constant(Float32Array.from(hidden?.data ?? [], Number), hidden?.shape ?? []) };
    // Whatever it sees, the network answers 0.25: smooth, and as far from the picture as that is.
    const flat = (x: Tensor): Tensor => add(multiply(x, 0), 0.25);
    const loss = amsnetP.training.objective(flat, input('patches', shape), draws);
    const distance = patches.reduce((sum, v) => sum + Math.abs(v - 0.25), 0) / patches.length;
    expect(scalarOf(interpret([loss], { patches }))).toBeCloseTo(distance, 6);
  });

  test('measures smoothness by the mean steps down and across', () => {
    const x = Float64Array.of(0, 1, 3, 1, 1, 1);
    // Down |1−0|, |1−1|, |1−3|: mean 1. Across 1, 2, 0, 0: mean 0.75.
    expect(scalarOf(interpret([totalVariation(input('x', [1, 1, 2, 3]))], { x }))).toBeCloseTo(1.75, 6);
  });
});

describe('AMSNet at test time', () => {
  test('runs over sub-images with complementary masks, and refines at full resolution', () => {
    const seen: string[] = [];
    const denoiser = (x: Tensor): Tensor => {
      seen.push(x.shape.join('×'));
      return x;
    };
    const options = { ...plainInference, masks: 3, subSampling: 2, refine: 'per-pixel' } as const;
    const size = { batch: 1, height: 8, width: 12 };
    const specs = amsnet.inference.specs(size, options);
    const draws = Object.fromEntries(
      Object.entries(specs).map(([name, { shape }]) => [name, input(name, shape)]),
    );
    const result = amsnet.inference.denoise(denoiser, input('x', [1, 3, 8, 12]), options, draws);
    expect(result.shape).toEqual([1, 3, 8, 12]);
    expect(seen).toEqual([...Array(3).fill('4×3×4×6'), ...Array(24).fill('1×3×8×12')]);
    const drawn = amsnet.inference.draw(1, { ...size, top: 0, left: 0 }, options);
    expect(Object.fromEntries(Object.entries(drawn).map(([name, { shape }]) => [name, shape]))).toEqual(
      Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, shape])),
    );
    expect(amsnet.inference.margin(10, options)).toBe(30);
    expect(amsnet.inference.margin(10, { ...options, refine: 'none' })).toBe(20);
    expect(amsnet.inference.multiple({ ...options, subSampling: 3 })).toBe(3);
  });
});
