import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { degrade, openComparison, openMeasure, type Picture, writePicture } from '#src/index.js';
import { pictureProblem } from '#src/images/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

const right: Picture = {
  ...{ width: 4, height: 3, channels: 3, bitDepth: 8, format: 'png', metadata: {} },
  data: new Float32Array(36),
};

/** What programs in JavaScript give for a picture, and the word that says what is wrong. */
const wrong: readonly (readonly [string, object | null, string])[] = [
  ['nothing', null, 'it is null'],
  ['no fields', {}, 'width must be a whole number above 0, got nothing'],
  ['four channels', { ...right, channels: 4, data: new Float32Array(48) }, 'channels must be 1 (grey) or 3'],
  ['an alpha among the numbers', { ...right, data: new Float32Array(48) }, 'data must have 36 numbers'],
  ['bytes', { ...right, data: new Uint8Array(36) }, 'data must be a Float32Array, planar, in [0, 1]'],
  ['a list', { ...right, data: Array.from({ length: 36 }, () => 0) }, 'data must be a Float32Array'],
  [
    'NaN',
    { ...right, data: Float32Array.from({ length: 36 }, (_, i) => (i === 7 ? NaN : 0)) },
    'data[7] (x 3, y 1) must be a finite number, got NaN',
  ],
  [
    'infinity',
    { ...right, data: new Float32Array(36).fill(Infinity) },
    'data[0] (x 0, y 0) must be a finite number',
  ],
  ['half a pixel', { ...right, width: 4.5 }, 'width must be a whole number above 0, got 4.5'],
  ['no height', { ...right, height: 0 }, 'height must be a whole number above 0, got 0'],
  ['a short alpha', { ...right, alpha: new Uint8Array(3) }, 'alpha must have 12 numbers'],
  ['an alpha of floats', { ...right, alpha: new Float32Array(12) }, 'alpha must be a Uint8Array'],
  ['ten bits', { ...right, bitDepth: 10 }, 'bitDepth must be 8 or 16, got 10'],
  ['another format', { ...right, format: 'gif' }, 'format must be one of'],
  ['no metadata', { ...right, metadata: undefined }, 'metadata must be an object'],
];

/** As what types would not let through. */
const asPicture = (value: unknown): Picture => JSON.parse('[]').concat([value])[0];

describe.each(wrong)('a picture with %s', (_, value, words) => {
  it('is refused in one line that names what is wrong', async () => {
    expect(await pictureProblem(value)).toContain(words);
    for (const work of [
      () => degrade(asPicture(value), { scale: 2 }),
      async () => (await openComparison()).compare(asPicture(value), right),
      async () => (await openMeasure('niqe')).score(asPicture(value)),
      () => writePicture(path('a.png'), asPicture(value)),
    ])
      expect(await refusal(work)).toContain(words);
    expect(await readdir(path())).toEqual([]);
  });
});

it('a right one is a picture', async () => {
  expect(await pictureProblem(right)).toBeUndefined();
  expect(
    await pictureProblem({ ...right, alpha: new Uint16Array(12), channels: 1, data: new Float32Array(12) }),
  ).toBe(undefined);
});
