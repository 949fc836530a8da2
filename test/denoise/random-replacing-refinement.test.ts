import { describe, expect, test } from 'vitest';
import {
  anySize,
  drawReplaced,
  randomReplacingRefinement,
  reflectedPass,
  refinementSpecs,
} from '#src/denoise/index.js';
import type { Shape, Tensor } from '#src/tensor/index.js';
import { elementCount, input, multiply } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';
import { get } from '../tensor/interpreter-numbers.js';

const place = { batch: 2, height: 40, width: 50, top: 0, left: 0 };

describe('what is replaced', () => {
  test.each(['per-element', 'per-pixel'] as const)('is 16 %% of each copy, %s', (refine) => {
    const { data, shape } = drawReplaced(3, place, refine)['replaced'] ?? { data: [], shape: [] };
    expect(shape).toEqual([8, 2, refine === 'per-element' ? 3 : 1, 40, 50]);
    expect(refinementSpecs(place, refine)['replaced']?.shape).toEqual(shape);
    const planes = data.length / 2000;
    const sums = Array.from({ length: planes }, (_, plane) =>
      Array.from(data.slice(plane * 2000, (plane + 1) * 2000), Number).reduce((sum, x) => sum + x, 0),
    );
    // 320 of 2000 with a deviation of 16.4, and no two planes alike.
    for (const sum of sums) expect(Math.abs(sum - 320)).toBeLessThan(80);
    expect(new Set(sums).size).toBeGreaterThan(8);
  });

  test('is nothing where no refinement is asked for', () => {
    expect(refinementSpecs(place, 'none')).toEqual({});
    expect(drawReplaced(3, place, 'none')).toEqual({});
  });

  test('does not depend on where the picture is cut', () => {
    const whole = drawReplaced(9, place, 'per-element')['replaced']?.data ?? [];
    const part = { batch: 2, height: 10, width: 20, top: 7, left: 13 };
    const cut = drawReplaced(9, part, 'per-element')['replaced']?.data ?? [];
    for (let plane = 0; plane < 48; plane++)
      for (let y = 0; y < 10; y++)
        for (let x = 0; x < 20; x++)
          expect(cut[(plane * 10 + y) * 20 + x]).toBe(whole[(plane * 40 + y + 7) * 50 + x + 13]);
  });
});

describe('random-replacing refinement', () => {
  test.each([
    ['one channel of two pictures', [2, 1, 3, 4], 1],
    ['five channels, chosen one by one', [1, 5, 2, 3], 5],
    ['five channels, chosen together', [3, 5, 2, 3], 1],
  ] as const)('is the mean of the denoised copies: %s', (_, shape, channels) => {
    const [batch, all, height, width] = shape;
    const replaced = [3, batch, channels, height, width];
    const chosen = Float64Array.from({ length: elementCount(replaced) }, (_, i) =>
      i % 3 === 0 || i % 5 === 1 ? 1 : 0,
    );
    const noisy = Float64Array.from({ length: elementCount(shape) }, (_, i) => i);
    const denoised = Float64Array.from(noisy, (x) => -100 - x);
    const pass = (copy: Tensor, t: number): Tensor => multiply(copy, t + 1);
    const [result] = interpret(
      [randomReplacingRefinement(pass, input('d', shape), input('n', shape), input('r', replaced))],
      { d: denoised, n: noisy, r: chosen },
    );
    const area = height * width;
    for (let i = 0; i < noisy.length; i++) {
      const image = Math.floor(i / area / all);
      const channel = channels === 1 ? 0 : Math.floor(i / area) % all;
      let expected = 0;
      for (let t = 0; t < 3; t++) {
        const put = get(chosen, ((t * batch + image) * channels + channel) * area + (i % area));
        expected += ((t + 1) * get(put === 1 ? noisy : denoised, i)) / 3;
      }
      expect(get(result?.data ?? [], i)).toBeCloseTo(expected, 4);
    }
  });

  test('per element mirrors the copy by two pixels, by less in a tiny picture', () => {
    const seen: Shape[] = [];
    const denoiser = (x: Tensor): Tensor => {
      seen.push(x.shape);
      return x;
    };
    const shape = [1, 1, 4, 5];
    const x = Float64Array.from({ length: 20 }, (_, i) => i);
    const [result] = interpret([reflectedPass(denoiser, 2)(input('x', shape))], { x });
    expect([...(result?.data ?? [])]).toEqual([...x]);
    reflectedPass(denoiser, 2)(input('x', [1, 1, 2, 1]));
    expect(seen).toEqual([
      [1, 1, 8, 9],
      [1, 1, 4, 1],
    ]);
  });
});

describe('a denoiser of any size', () => {
  test('mirrors the picture up to the network’s multiple and cuts it back', () => {
    const seen: Shape[] = [];
    const denoiser = (x: Tensor): Tensor => {
      seen.push(x.shape);
      return multiply(x, 2);
    };
    const x = Float64Array.from({ length: 35 }, (_, i) => i);
    const [result] = interpret([anySize(denoiser, 4)(input('x', [1, 1, 5, 7]))], { x });
    expect([...(result?.data ?? [])]).toEqual([...x].map((v) => 2 * v));
    anySize(denoiser, 4)(input('x', [1, 1, 8, 4]));
    expect(seen).toEqual([
      [1, 1, 8, 8],
      [1, 1, 8, 4],
    ]);
  });
});
