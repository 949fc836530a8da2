import { describe, expect, it } from 'vitest';
import { type Picture, randomPatch } from '#src/images/index.js';
import { createRandom } from '#src/random.js';
import { pictureOf } from '../images/drawing.js';

/** Gives the numbers in turn. */
function numbers(...values: readonly number[]) {
  let next = 0;
  return { uniform: () => values[next++] ?? Number.NaN };
}

const no = 0.5;
const yes = 0;

/** A picture whose values name their place: channel·100 + row·10 + column. */
function placed(width: number, height: number, channels: 1 | 3): Picture {
  const data = Float32Array.from({ length: channels * width * height }, (_, i) => {
    const inPlane = i % (width * height);
    return Math.floor(i / (width * height)) * 100 + Math.floor(inPlane / width) * 10 + (inPlane % width);
  });
  return { ...pictureOf(width, height, { channels }), data };
}

const firstPlane = (patch: Float32Array, size: number) => [...patch.subarray(0, size * size)];

describe('randomPatch', () => {
  const picture = placed(4, 5, 3);
  const cut = (across: number, down: number, turn: number) =>
    firstPlane(randomPatch(picture, 2, numbers(0.34, 0.5, across, down, turn)), 2);

  it('cuts, flips and turns', () => {
    expect(cut(no, no, no)).toEqual([21, 22, 31, 32]);
    expect(cut(yes, no, no)).toEqual([22, 21, 32, 31]);
    expect(cut(no, yes, no)).toEqual([31, 32, 21, 22]);
    expect(cut(yes, yes, no)).toEqual([32, 31, 22, 21]);
    expect(cut(no, no, yes)).toEqual([22, 32, 21, 31]); // counterclockwise
    expect(cut(yes, no, yes)).toEqual([21, 31, 22, 32]);
    expect(cut(no, yes, yes)).toEqual([32, 22, 31, 21]);
    expect(cut(yes, yes, yes)).toEqual([31, 21, 32, 22]);
  });

  it('leaves the square as it is without augmentation', () => {
    const patch = randomPatch(picture, 2, numbers(0.34, 0.5, yes, yes, yes), { augment: false });
    expect(firstPlane(patch, 2)).toEqual([21, 22, 31, 32]);
  });

  it('reaches the last row and column', () => {
    const patch = randomPatch(picture, 2, numbers(0.9999, 0.9999, no, no, no));
    expect(firstPlane(patch, 2)).toEqual([32, 33, 42, 43]);
  });

  it('turns the channels alike, and repeats grey in all three', () => {
    const colour = [...randomPatch(picture, 2, numbers(0, 0, yes, no, yes))];
    expect(colour).toEqual([0, 10, 1, 11, 100, 110, 101, 111, 200, 210, 201, 211]);
    const grey = [...randomPatch(placed(4, 5, 1), 2, numbers(0, 0, no, no, no))];
    expect(grey).toEqual([0, 1, 10, 11, 0, 1, 10, 11, 0, 1, 10, 11]);
  });

  it('continues small pictures by reflection', () => {
    expect(firstPlane(randomPatch(placed(3, 2, 1), 4, numbers(0.9, 0.9, no, no, no)), 4)).toEqual([
      0, 1, 2, 1, 10, 11, 12, 11, 0, 1, 2, 1, 10, 11, 12, 11,
    ]);
    const one = randomPatch(pictureOf(1, 1, { data: Float32Array.of(0.1, 0.2, 0.3) }), 2, createRandom(0, 0));
    expect([...one]).toEqual([
      ...Float32Array.of(0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3),
    ]);
  });
});
