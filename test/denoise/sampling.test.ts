import { describe, expect, test } from 'vitest';
import {
  cyclicSampleDifferenceLoss,
  denoisingMethods,
  drawPermutations,
  mosaicDownsample,
  mosaicUpsample,
  pixelDownsample,
  pixelUpsample,
  plainInference,
  randomSubSamples,
  sdap,
} from '#src/denoise/index.js';
import { createRandom } from '#src/nn/index.js';
import type { Shape, Tensor } from '#src/tensor/index.js';
import { constant, elementCount, input, multiply } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';
import { get, type Numbers } from '../tensor/interpreter-numbers.js';

/** What a function of one picture gives for the numbers 0, 1, 2, … in place of its pixels. */
function ofCounting(shape: Shape, build: (x: Tensor) => Tensor): Numbers {
  const x = Float64Array.from({ length: elementCount(shape) }, (_, i) => i);
  const [result] = interpret([build(input('x', shape))], { x });
  if (result === undefined) throw new Error('nothing was computed');
  return result;
}

const counting = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('pixel down-sampling', () => {
  test('sub-image (a, b) has the pixels (p·y + a, p·x + b), phases outermost', () => {
    const shape = [2, 3, 4, 6];
    const { data, shape: stacked } = ofCounting(shape, (x) => pixelDownsample(x, 2));
    expect(stacked).toEqual([8, 3, 2, 3]);
    let at = 0;
    for (const a of [0, 1])
      for (const b of [0, 1])
        for (const n of [0, 1])
          for (const c of [0, 1, 2])
            for (const y of [0, 1])
              for (const x of [0, 1, 2])
                expect(data[at++]).toBe(((n * 3 + c) * 4 + 2 * y + a) * 6 + 2 * x + b);
  });

  test.each([1, 2, 3])('by %i is undone by up-sampling', (stride) => {
    const shape = [2, 3, 6, 12];
    const { data } = ofCounting(shape, (x) => pixelUpsample(pixelDownsample(x, stride), stride));
    expect([...data]).toEqual(counting(elementCount(shape)));
  });

  test('as a mosaic lays the sub-images side by side, with zeros around each', () => {
    const { data, shape } = ofCounting([1, 1, 4, 4], (x) => mosaicDownsample(x, 2, 1));
    expect(shape).toEqual([1, 1, 8, 8]);
    expect(Array.from({ length: 8 }, (_, row) => [...data.slice(8 * row, 8 * row + 8)])).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 2, 0, 0, 1, 3, 0],
      [0, 8, 10, 0, 0, 9, 11, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 4, 6, 0, 0, 5, 7, 0],
      [0, 12, 14, 0, 0, 13, 15, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ]);
    const back = ofCounting([2, 3, 6, 9], (x) => mosaicUpsample(mosaicDownsample(x, 3, 2), 3, 2));
    expect([...back.data]).toEqual(counting(2 * 3 * 6 * 9));
  });

  test('refuses sizes that do not divide', () => {
    expect(() => pixelDownsample(input('x', [1, 3, 4, 5]), 2)).toThrow(/\[1, 3, 4, 5\].*stride 2/);
    expect(() => pixelUpsample(input('x', [6, 3, 4, 5]), 2)).toThrow(/6 sub-images.*2²/);
  });
});

describe('permutations', () => {
  /** Σ (observed − expected)² / expected over all cells of a table. */
  const chiSquare = (counts: ReadonlyMap<string, number>, cells: number, draws: number): number => {
    const expected = draws / cells;
    const seen = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    return seen + (cells - counts.size) * expected;
  };

  function countBy(keys: Iterable<string>): Map<string, number> {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  }

  const cellsOf = (seed: number, stride: number, side: number): string[] => {
    const { data } = drawPermutations(createRandom(seed), {
      batch: 1,
      height: side * stride,
      width: side * stride,
      stride,
    });
    const n = stride * stride;
    return Array.from({ length: side * side }, (_, cell) =>
      Array.from(data.slice(cell * n, cell * n + n), Number).join(),
    );
  };

  test('hold each position of each cell once', () => {
    for (const cell of cellsOf(1, 5, 6))
      expect(
        cell
          .split(',')
          .map(Number)
          .sort((a, b) => a - b),
      ).toEqual(counting(25));
  });

  test('put every pixel into every sub-sample equally often: 576 degrees of freedom', () => {
    const cells = cellsOf(2, 5, 50);
    const counts = countBy(
      cells.flatMap((cell) => cell.split(',').map((pixel, sample) => `${sample} ${pixel}`)),
    );
    const statistic = chiSquare(counts, 625, 25 * cells.length);
    expect(statistic).toBeGreaterThan(450);
    expect(statistic).toBeLessThan(710);
  });

  test('are all equally likely: 24 of four, 23 degrees of freedom', () => {
    const statistic = chiSquare(countBy(cellsOf(3, 2, 70)), 24, 4900);
    expect(statistic).toBeGreaterThan(7);
    expect(statistic).toBeLessThan(50);
  });

  test('of neighbouring cells are independent: 575 degrees of freedom', () => {
    const cells = cellsOf(4, 2, 110);
    const pairs = cells.slice(1).map((cell, i) => `${cells[i]} ${cell}`);
    const statistic = chiSquare(countBy(pairs), 576, pairs.length);
    expect(statistic).toBeGreaterThan(450);
    expect(statistic).toBeLessThan(710);
  });

  test('differ between images and steps, and repeat with their generator', () => {
    const size = { batch: 2, patch: 20 };
    const draw = (seed: number, step: number) =>
      sdap.training.draw(createRandom(seed, step), size)['permutation'];
    expect(draw(0, 1)).toEqual(draw(0, 1));
    expect(draw(0, 1)?.data).not.toEqual(draw(0, 2)?.data);
    expect(draw(0, 1)?.data).not.toEqual(draw(1, 1)?.data);
    const { data, shape } = draw(0, 1) ?? { data: [], shape: [] };
    expect(shape).toEqual([2, 4, 4, 25]);
    expect(data.slice(0, 400)).not.toEqual(data.slice(400));
    expect(sdap.training.specs(size)['permutation']?.shape).toEqual(shape);
  });
});

describe('random sub-samples', () => {
  const grid = { batch: 2, height: 10, width: 15, stride: 5 };
  const shape = [2, 3, 10, 15];

  test('are a partition of the picture: each takes one pixel of each cell, in all channels the same', () => {
    const { data, shape: order } = drawPermutations(createRandom(5), grid);
    const { data: samples, shape: stacked } = ofCounting(shape, (x) =>
      randomSubSamples(x, constant(data, order)),
    );
    expect(stacked).toEqual([50, 3, 2, 3]);
    expect([...samples].sort((a, b) => a - b)).toEqual(counting(elementCount(shape)));
    const at = (j: number, n: number, c: number, row: number, column: number): number =>
      get(samples, (((j * 2 + n) * 3 + c) * 2 + row) * 3 + column);
    for (let j = 0; j < 25; j++)
      for (let n = 0; n < 2; n++)
        for (let row = 0; row < 2; row++)
          for (let column = 0; column < 3; column++) {
            const chosen = Number(data[((n * 2 + row) * 3 + column) * 25 + j]);
            const [y, x] = [5 * row + Math.floor(chosen / 5), 5 * column + (chosen % 5)];
            for (let c = 0; c < 3; c++)
              expect(at(j, n, c, row, column)).toBe(((n * 3 + c) * 10 + y) * 15 + x);
          }
  });

  test('with the identity are the stacked sub-images of pixel down-sampling', () => {
    const identity = Int32Array.from({ length: 2 * 2 * 3 * 25 }, (_, i) => i % 25);
    const samples = ofCounting(shape, (x) => randomSubSamples(x, constant(identity, [2, 2, 3, 25])));
    expect(samples).toEqual(ofCounting(shape, (x) => pixelDownsample(x, 5)));
  });

  test('refuse a permutation of another grid', () => {
    const x = input('x', [1, 3, 10, 15]);
    expect(() => randomSubSamples(x, input('p', [1, 3, 2, 25], 'int32'))).toThrow(
      /permutation \[1, 3, 2, 25\].*\[1, 3, 10, 15\]/,
    );
    expect(() => randomSubSamples(input('x', [1, 3, 11, 15]), input('p', [1, 2, 3, 25], 'int32'))).toThrow(
      /\[1, 3, 11, 15\]/,
    );
  });
});

describe('the cyclic sample difference loss', () => {
  test('compares each denoised sample with the next noisy one, and the last with the first', () => {
    const shape = [4 * 2, 3, 2, 2];
    const draw = (seed: number): Float64Array => {
      const random = createRandom(seed);
      return Float64Array.from({ length: elementCount(shape) }, () => random.uniform());
    };
    const [denoised, samples] = [draw(6), draw(7)];
    const [loss] = interpret([cyclicSampleDifferenceLoss(input('d', shape), input('s', shape), 4)], {
      d: denoised,
      s: samples,
    });
    const perSample = 2 * 3 * 2 * 2;
    let expected = 0;
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let i = 0; i < perSample; i++)
        sum += Math.abs(get(denoised, j * perSample + i) - get(samples, ((j + 1) % 4) * perSample + i));
      expected += sum / perSample;
    }
    expect(loss?.data[0]).toBeCloseTo(expected, 6);
  });
});

describe('SDAP', () => {
  test('is among the methods, by its name', () => {
    expect(denoisingMethods['sdap']).toBe(sdap);
  });

  test('denoises the sub-images of stride 2, and once more the whole picture to enhance it', () => {
    const seen: Shape[] = [];
    const half = (x: Tensor): Tensor => {
      seen.push(x.shape);
      return multiply(x, 0.5);
    };
    const shape = [1, 3, 6, 8];
    const plain = ofCounting(shape, (x) =>
      sdap.inference.denoise(half, x, { ...plainInference, enhance: false }, {}),
    );
    const enhanced = ofCounting(shape, (x) =>
      sdap.inference.denoise(half, x, { ...plainInference, enhance: true }, {}),
    );
    expect(seen).toEqual([
      [4, 3, 3, 4],
      [4, 3, 3, 4],
      [1, 3, 6, 8],
    ]);
    expect([...plain.data]).toEqual(counting(144).map((x) => x / 2));
    expect([...enhanced.data]).toEqual(counting(144).map((x) => x / 4));
    expect(sdap.inference.margin(11, { ...plainInference, enhance: false })).toBe(22);
    expect(sdap.inference.margin(11, { ...plainInference, enhance: true })).toBe(33);
  });
});
