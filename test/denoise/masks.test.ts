import { describe, expect, test } from 'vitest';
import type { MaskRequest, Placement } from '#src/denoise/index.js';
import { drawBranches, hiddenSets, multiMaskDenoise, patternStep, singleMask } from '#src/denoise/index.js';
import type { Tensor } from '#src/tensor/index.js';
import { add, constant, elementCount, input, multiply } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';
import { get } from '../tensor/interpreter-numbers.js';

const place: Placement = { batch: 1, height: 24, width: 31, top: 0, left: 0 };
const request: MaskRequest = { masks: 2, deterministic: false, stride: 2, stream: [1] };

const drawnNumbers = (seed: number, where: Placement, asked: MaskRequest): number[] =>
  Array.from(drawBranches(seed, where, asked).data, Number);

describe.each([2, 3, 4])('%i masks', (masks) => {
  test.each([false, true])('hide every pixel exactly once; fixed pattern: %s', (deterministic) => {
    const branches = drawBranches(5, place, { ...request, masks, deterministic });
    const sets = interpret(hiddenSets(constant(branches.data, branches.shape), masks), {});
    expect(sets).toHaveLength(masks);
    const area = place.height * place.width;
    for (let i = 0; i < area; i++) expect(sets.reduce((sum, { data }) => sum + Number(data[i]), 0)).toBe(1);
    for (const { data } of sets) {
      const share = data.reduce((sum: number, x) => sum + Number(x), 0) / area;
      expect(Math.abs(share - 1 / masks)).toBeLessThan(0.06);
    }
  });
});

describe('random masks', () => {
  const request3 = { ...request, masks: 3 };

  test('are the same wherever the picture is cut', () => {
    const whole = drawnNumbers(7, place, request3);
    const part = { batch: 1, height: 9, width: 12, top: 11, left: 17 };
    const numbers = drawnNumbers(7, part, request3);
    for (let y = 0; y < part.height; y++)
      for (let x = 0; x < part.width; x++)
        expect(numbers[y * part.width + x]).toBe(whole[(y + part.top) * place.width + x + part.left]);
  });

  test('repeat with their seed, and differ between seeds, also large ones, streams and pictures of a batch', () => {
    const first = drawnNumbers(7, place, request3);
    expect(drawnNumbers(7, place, request3)).toEqual(first);
    expect(drawnNumbers(8, place, request3)).not.toEqual(first);
    expect(drawnNumbers(7 + 2 ** 32, place, request3)).not.toEqual(first);
    expect(drawnNumbers(7, place, { ...request3, stream: [2] })).not.toEqual(first);
    const both = drawnNumbers(7, { ...place, batch: 2 }, request3);
    expect(both.slice(0, first.length)).toEqual(first);
    expect(both.slice(first.length)).not.toEqual(first);
  });

  test('do not follow from their neighbours: of 10,000 pixels about a half agree with the next, in each direction', () => {
    const side = 100;
    const numbers = drawnNumbers(3, { batch: 1, height: side, width: side, top: 0, left: 0 }, request);
    for (const step of [1, 2, side, side + 1, 2 * side]) {
      const agreeing = numbers.slice(step).filter((number, i) => number === numbers[i]).length;
      // 5 standard deviations of 50 each.
      expect(Math.abs(agreeing - (numbers.length - step) / 2)).toBeLessThan(250);
    }
  });
});

describe('fixed patterns', () => {
  test('of two masks are a checkerboard on each sub-image, and go on across a cut', () => {
    const fixed = { ...request, deterministic: true };
    const board = { batch: 1, height: 6, width: 8, top: 4, left: 2 };
    const numbers = drawnNumbers(1, board, fixed);
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < 8; x++)
        expect(numbers[y * 8 + x]).toBe((Math.floor((y + 4) / 2) + Math.floor((x + 2) / 2)) % 2);
    expect(drawnNumbers(2, board, fixed)).toEqual(numbers);
  });

  test('put pixels of one class far apart: for five masks a knight’s move', () => {
    expect([2, 3, 4, 5].map(patternStep)).toEqual([1, 1, 2, 2]);
  });
});

describe('masked passes', () => {
  test('a mask sets the hidden pixels to zero in all channels', () => {
    const [masked] = interpret(
      [singleMask(input('x', [1, 2, 1, 3]), constant(Float32Array.of(0, 1, 0), [1, 1, 1, 3]))],
      { x: Float64Array.of(1, 2, 3, 4, 5, 6) },
    );
    expect([...(masked?.data ?? [])]).toEqual([1, 0, 3, 4, 0, 6]);
  });

  test('each pixel is taken from the pass in which it was hidden', () => {
    const shape = [1, 2, 4, 5];
    const branches = drawBranches(
      4,
      { batch: 1, height: 4, width: 5, top: 0, left: 0 },
      { ...request, masks: 3 },
    );
    const sets = hiddenSets(constant(branches.data, branches.shape), 3);
    let pass = 0;
    // Pass number p makes p of a hidden pixel, which it sees as 0, and something else of others.
    const denoiser = (x: Tensor): Tensor => {
      pass += 1;
      return add(multiply(x, 10), pass);
    };
    const [result] = interpret([multiMaskDenoise(denoiser, input('x', shape), sets)], {
      x: new Float64Array(elementCount(shape)).fill(0.7),
    });
    expect(pass).toBe(3);
    for (let i = 0; i < 40; i++)
      expect(get(result?.data ?? new Float64Array(), i)).toBe(Number(branches.data[i % 20]) + 1);
  });
});
