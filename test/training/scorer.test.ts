import { beforeAll, describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { scorerArchitecture } from '#src/networks/index.js';
import { createGradedSource, gradedMaker, rightOrders, VERSIONS } from '#src/training/index.js';
import { noisyPicture } from '../library/denoisers.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
let files: readonly string[] = [];

beforeAll(async () => {
  files = [path('a.png'), path('b.png')];
  await writePicture(path('a.png'), noisyPicture(120, 90));
  await writePicture(path('b.png'), noisyPicture(96, 110));
  await writePicture(path('tiny.png'), noisyPicture(30, 200));
});

const request = (changes = {}) => ({
  ...{ files, pictures: [], rasters: [], maxBytes: 2 ** 26 },
  ...{ patch: 64, batch: 2, seed: 3, augment: true, ...changes },
});

describe('graded pictures', () => {
  test('are an original, a little and much of the same flaws, and others, each with its damage', async () => {
    const make = await gradedMaker(request());
    const sums = [0, 0, 0, 0];
    for (let step = 0; step < 8; step++) {
      const { pictures, damages } = await make(step);
      expect(pictures.length).toBe(2 * VERSIONS * 3 * 64 * 64);
      // Eight bits, as files have them.
      expect(pictures.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)).toBe(true);
      for (const [i, found] of damages.entries()) sums[i % VERSIONS] = (sums[i % VERSIONS] ?? 0) + found;
    }
    const [original = 1, little = 0, much = 0, other = 0] = sums;
    expect(original).toBeLessThan(0.5 * little);
    expect(little).toBeLessThan(0.9 * much);
    expect(original).toBeLessThan(0.5 * other);
  });

  test('depend on seed, step and files alone', async () => {
    const source = await createGradedSource({ ...request(), startStep: 2 });
    try {
      const started = await source.next();
      const made = await (await gradedMaker(request()))(2);
      expect(started.step).toBe(2);
      expect(started.pictures).toEqual(made.pictures);
      expect(started.damages).toEqual(made.damages);
      const other = await (await gradedMaker(request({ seed: 4 })))(2);
      expect(other.damages).not.toEqual(made.damages);
    } finally {
      await source.close();
    }
  });

  test('leave out files that are smaller than a patch', async () => {
    const source = await createGradedSource({ ...request(), files: [...files, path('tiny.png')] });
    await source.close();
    expect(source.skipped).toBe(1);
    expect(await refusal(() => createGradedSource({ ...request(), files: [path('tiny.png')] }))).toContain(
      'smaller than a patch of 64×64',
    );
  });
});

test('pairs count where their damages differ visibly', () => {
  expect(rightOrders([9, 5, 6], [0, 0.5, 0.55])).toEqual({ right: 2, pairs: 2 });
  expect(rightOrders([5, 9, 1], [0, 0.5, 1])).toEqual({ right: 2, pairs: 3 });
});

test('the architecture of scorers is known by name', () => {
  expect(scorerArchitecture.ofConfig({ channels: 8 })).toMatchObject({
    architecture: 'scorer',
    multiple: 16,
  });
});
