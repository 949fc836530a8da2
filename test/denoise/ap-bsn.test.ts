import { describe, expect, test } from 'vitest';
import { apBsn, plainInference } from '#src/denoise/index.js';
import type { Tensor } from '#src/tensor/index.js';
import { add, elementCount, input, multiply } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';

describe('AP-BSN', () => {
  test('shows the network the mosaic of the sub-images, in the numbers of 8-bit pictures', () => {
    const seen: string[] = [];
    // A network that adds 51 of 255.
    const denoiser = (x: Tensor): Tensor => {
      seen.push(x.shape.join('×'));
      return add(x, 51);
    };
    const shape = [1, 3, 20, 30];
    const x = new Float64Array(elementCount(shape)).fill(0.4);
    const noisy = input('x', shape);
    const loss = apBsn.training.objective(denoiser, noisy, {});
    const denoised = apBsn.inference.denoise(denoiser, noisy, plainInference, {});
    const [error, result] = interpret([loss, denoised], { x });
    expect(seen).toEqual(['1×3×40×50', '1×3×28×38']);
    expect(error?.data[0]).toBeCloseTo(51, 4);
    expect(result?.data.every((v) => Math.abs(v - 0.6) < 1e-6)).toBe(true);
  });

  test('refines per element with the network at full resolution, mirrored by two pixels', () => {
    const seen: string[] = [];
    const denoiser = (x: Tensor): Tensor => {
      seen.push(x.shape.join('×'));
      return multiply(x, 1);
    };
    const options = { ...plainInference, refine: 'per-element' } as const;
    const size = { batch: 1, height: 6, width: 8 };
    const specs = apBsn.inference.specs(size, options);
    expect(specs['replaced']?.shape).toEqual([8, 1, 3, 6, 8]);
    const replaced = input('replaced', specs['replaced']?.shape ?? []);
    const result = apBsn.inference.denoise(denoiser, input('x', [1, 3, 6, 8]), options, { replaced });
    expect(result.shape).toEqual([1, 3, 6, 8]);
    expect(seen).toEqual(['1×3×14×16', ...Array(8).fill('1×3×10×12')]);
  });
});
