import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Picture, writePicture } from '#src/images/index.js';
import type { SfdIqaOptions } from '#src/api/index.js';
import type { SfdCombination } from '#src/quality/index.js';
import { bicubicResize } from '#src/pixels/index.js';
import { noisyPicture } from '../models/denoisers.js';
import { inLoops, path, pictureOf, scoreOf, withScorer, trainsSfdRuns } from './sfd-runs.js';

trainsSfdRuns('prompts', 'features', 'wide');

/** As a file of 8 bits holds it. */
const eightBit = (picture: Picture): Picture => ({
  ...picture,
  data: picture.data.map((value) => Math.round(value * 255) / 255),
});

describe('SFD-IQA', () => {
  test.each<readonly [string, number, number]>([
    ['whole squares', 96, 64],
    ['a padded border', 101, 75],
    ['less than two squares', 33, 40],
  ])('has the terms that loops over numbers give, of %s', async (_, width, height) => {
    const picture = eightBit(pictureOf(7, width, height));
    const expected = await inLoops(picture);
    const terms = await withScorer({}, (scorer) => scorer.terms(picture));
    expect(Object.keys(terms).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected))
      expect(Math.abs((Reflect.get(terms, name) ?? Number.NaN) - value), name).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(value)),
      );
  });

  test.each<readonly [SfdCombination, Partial<SfdIqaOptions>, (f: number, g: number, t: number) => number]>([
    ['average', {}, (f, _g, t) => (f + t) / 2],
    ['average', { sigmoid: 'picture' }, (_f, g, t) => (g + t) / 2],
    ['product', {}, (f, _g, t) => f * t],
    ['weighted', { featureWeight: 0.8 }, (f, _g, t) => 0.8 * f + 0.2 * t],
  ])('combines them by %s, %j', async (combine, changes, rule) => {
    const picture = pictureOf(3);
    const { featureByPosition, featureByPicture, prompt } = await inLoops(picture);
    const expected = rule(featureByPosition ?? 0, featureByPicture ?? 0, prompt ?? 0);
    expect(await scoreOf(picture, { combine, ...changes })).toBeCloseTo(expected, 5);
  });

  test('of a run with one of the two judges is that one’s term', async () => {
    const picture = pictureOf(2);
    const features = await inLoops(picture, 'features');
    expect(features.prompt).toBeUndefined();
    expect(await scoreOf(picture, { judges: path('features') })).toBeCloseTo(
      features.featureByPosition ?? 0,
      5,
    );
    const prompts = await inLoops(picture, 'prompts');
    expect(prompts.featureLogit).toBeUndefined();
    for (const combine of ['average', 'product', 'weighted'] as const)
      expect(await scoreOf(picture, { judges: path('prompts'), combine })).toBeCloseTo(
        prompts.prompt ?? 0,
        5,
      );
  });
});

describe('a score belongs to the pixels', () => {
  test('whatever the file, the order, and what is asked at the same time', async () => {
    const picture = eightBit(pictureOf(5, 77, 93));
    await writePicture(path('same.png'), picture);
    await writePicture(path('same.tif'), picture);
    await writePicture(path('same16.png'), { ...picture, bitDepth: 16 });
    const alone = await scoreOf(picture);
    await withScorer({}, async (scorer) => {
      const others = Array.from({ length: 9 }, (_, i) => pictureOf(i, 64 + 32 * i, 64));
      const together = await Promise.all([...others, picture].map((each) => scorer.score(each)));
      expect(together.at(-1)).toBe(alone);
      for (const name of ['same.png', 'same.tif', 'same16.png'])
        expect(await scorer.score(path(name))).toBe(alone);
      expect(await scorer.score(await readFile(path('same.png')))).toBe(alone);
      const backwards = await Promise.all(others.toReversed().map((each) => scorer.score(each)));
      expect(backwards.toReversed()).toEqual(together.slice(0, -1));
    });
  });

  test.each(['sfd', 'wide'])('whatever the tiles, of %s', async (run) => {
    const picture = pictureOf(1, 530, 410);
    const judges = path(run);
    const [whole, tiled] = [
      { judges, tile: 1024 },
      { judges, tile: 32 },
    ];
    const expected = await withScorer(whole, (scorer) => scorer.map(picture));
    const actual = await withScorer(tiled, (scorer) => scorer.map(picture));
    expect(Math.abs(actual.score - expected.score)).toBeLessThan(1e-6);
    const difference = actual.data.map((value, i) => Math.abs(value - (expected.data[i] ?? Number.NaN)));
    expect(Math.max(...difference)).toBeLessThan(1e-5);
  });

  test('grey counts as colours that are alike, and opacity not at all', async () => {
    const grey = noisyPicture(70, 64, { channels: 1 });
    const data = Float32Array.from(
      { length: 3 * grey.data.length },
      (_, i) => grey.data[i % grey.data.length] ?? 0,
    );
    const alpha = Uint8Array.from({ length: 70 * 64 }, (_, i) => i % 256);
    expect(await scoreOf({ ...grey, channels: 3, data, alpha })).toBe(await scoreOf(grey));
  });

  test('of which large pictures have fewer: the long side is bounded', async () => {
    const picture = pictureOf(4, 200, 120);
    const small = bicubicResize(picture.data, picture, { width: 100, height: 60 });
    const data = small.map((value) => Math.min(1, Math.max(0, value)));
    const expected = await scoreOf({ ...picture, width: 100, height: 60, data });
    expect(await scoreOf(picture, { longSide: 100 })).toBe(expected);
    expect(await scoreOf(picture)).toBe(await scoreOf(picture, { longSide: 'full' }));
    expect(await scoreOf(picture)).not.toBe(expected);
  });
});

describe('the map', () => {
  test('shows Feat-D’s opinion of every place of its finest layer', async () => {
    await withScorer({}, async (scorer) => {
      const map = await scorer.map(pictureOf(6, 101, 75));
      expect([map.rows, map.columns, map.down, map.across]).toEqual([10, 13, 75 / 8, 101 / 8]);
      expect(map.score).toBe(await scorer.score(pictureOf(6, 101, 75)));
      expect(map.data.every((value) => value > 0 && value < 1)).toBe(true);
      expect(new Set(map.data).size).toBeGreaterThan(50);
    });
  });

  test('has the score as its mean where one layer judges and the picture is whole squares', async () => {
    await withScorer({ judges: path('features') }, async (scorer) => {
      const map = await scorer.map(pictureOf(6, 96, 64));
      expect([map.rows, map.columns]).toEqual([4, 6]);
      const mean = map.data.reduce((sum, value) => sum + value, 0) / map.data.length;
      expect(map.score).toBeCloseTo(mean, 6);
    });
  });

  test('shows what prompts say of every square where there is no Feat-D', async () => {
    const map = await withScorer({ judges: path('prompts') }, (scorer) => scorer.map(pictureOf(6, 96, 65)));
    expect([map.rows, map.columns]).toEqual([3, 3]);
  });
});
