import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Picture } from '#src/images/index.js';
import { calibrateSfdIqa, type SfdIqaOptions } from '#src/api/index.js';
import { readSafetensors, writeSafetensors } from '#src/weights/index.js';
import { refusal } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { cpu, inLoops, open, path, pictureOf, scoreOf, withScorer, trainsSfdRuns } from './sfd-runs.js';

trainsSfdRuns();

describe('what a training says of itself counts', () => {
  /** The discriminators of a run, whose metadata say something else. */
  async function changed(name: string, change: (config: Record<string, Record<string, unknown>>) => object) {
    const { tensors, metadata } = await readSafetensors(path('sfd', 'judges.safetensors'));
    const config = JSON.stringify(change(JSON.parse(metadata['config'] ?? '{}')));
    await writeSafetensors(path(name, 'judges.safetensors'), { tensors, metadata: { ...metadata, config } });
    return { judges: path(name, 'judges.safetensors'), clip: path('clip.safetensors') };
  }

  test.each<readonly [string, (config: Record<string, Record<string, unknown>>) => object]>([
    ['pictures not normalised', (config) => ({ ...config, clipNormalisation: false })],
    [
      'prompts on resized pictures',
      (config) => ({ ...config, prompt: { ...config['prompt'], input: 'resized' } }),
    ],
    [
      'logits of pairs averaged',
      (config) => ({ ...config, prompt: { ...config['prompt'], average: 'logits' } }),
    ],
    ['other scales', (config) => ({ ...config, feature: { ...config['feature'], scales: [0.5, 2] } })],
  ])('%s', async (name, change) => {
    await mkdir(path(name), { recursive: true });
    const judges = await changed(name, change);
    const picture = pictureOf(7, 101, 75);
    const expected = await inLoops(picture, name);
    const usual = await inLoops(picture);
    const scorer = await open(judges);
    const terms = await scorer.terms(picture);
    const map = await scorer.map(picture);
    await scorer.close();
    let moved = 0;
    for (const [term, value] of Object.entries(expected)) {
      expect(Math.abs((Reflect.get(terms, term) ?? Number.NaN) - value), term).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(value)),
      );
      moved = Math.max(moved, Math.abs(value - (Reflect.get(usual, term) ?? Number.NaN)));
    }
    expect(moved).toBeGreaterThan(1e-4);
    expect(map.score).toBeCloseTo(((terms.featureByPosition ?? 0) + (terms.prompt ?? 0)) / 2, 6);
    const output = path(name, 'scorer.safetensors');
    await calibrateSfdIqa({ ...judges, pictures: [path('photos')], output, ...cpu });
    const again = { judges: output, clip: path('clip.safetensors'), standardise: false };
    expect(await scoreOf(picture, again)).toBeCloseTo(map.score, 6);
  });

  test.each<readonly [string, (config: Record<string, Record<string, unknown>>) => object, RegExp]>([
    ['no CLIP', ({ clip: _, ...config }) => config, /what its discriminators look through/],
    ['no size', ({ feature: _, ...config }) => config, /the size of its discriminator of features/],
    ['no scale', ({ prompt: _, ...config }) => config, /how its prompts judge/],
    ['another size', (config) => ({ ...config, feature: { ...config['feature'], hidden: 11 } }), /must be/],
    ['statistics of nothing', (config) => ({ ...config, statistics: { terms: 3 } }), /what was measured/],
  ])('and is missed: %s', async (name, change, message) => {
    await mkdir(path(name), { recursive: true });
    const judges = await changed(name, change);
    expect(await refusal(() => open(judges))).toMatch(message);
  });
});

describe('a scorer made of a run', () => {
  const calibrate = (output: string, changes = {}) =>
    calibrateSfdIqa({
      judges: path('sfd'),
      pictures: [path('photos')],
      output: path(output),
      ...cpu,
      ...changes,
    });

  test('holds one vector for each prompt pair and gives the scores of the run', async () => {
    const { pictures, longSide } = await calibrate('scorer.safetensors');
    expect({ pictures, longSide }).toEqual({ pictures: 4, longSide: 1024 });
    const { tensors } = await readSafetensors(path('scorer.safetensors'));
    expect(tensors.get('prompt/directions')?.shape).toEqual([2, 16]);
    expect([...tensors.keys()].filter((key) => key.startsWith('prompt/'))).toEqual(['prompt/directions']);
    const picture = pictureOf(8);
    const judges = { judges: path('scorer.safetensors'), clip: path('clip.safetensors') };
    expect(await scoreOf(picture, { ...judges, standardise: false })).toBe(await scoreOf(picture));
  });

  test('standardises its terms by what was measured', async () => {
    const statistics = await calibrate('standard.safetensors');
    const judges = { judges: path('standard.safetensors'), clip: path('clip.safetensors') };
    const files = [0, 1, 2, 3].map((i) => path('photos', `${i}.png`));
    for (const rule of [
      { combine: 'weighted', featureWeight: 1 },
      { combine: 'weighted', featureWeight: 0 },
    ] as const)
      await withScorer({ ...judges, ...rule }, async (scorer) => {
        expect(scorer.measure.range).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
        const scores: number[] = [];
        for (const file of files) scores.push(await scorer.score(file));
        const mean = scores.reduce((sum, score) => sum + score, 0) / 4;
        expect(mean).toBeCloseTo(0, 3);
        expect(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / 4).toBeCloseTo(1, 3);
      });
    const picture = pictureOf(9);
    const { featureLogit, promptLogit } = await inLoops(picture);
    const { terms } = statistics;
    const z = (value = Number.NaN, { mean, deviation } = { mean: 0, deviation: 1 }) =>
      (value - mean) / deviation;
    const expected = z(featureLogit, terms.featureLogit) + z(promptLogit, terms.promptLogit);
    const score = await scoreOf(picture, { ...judges, combine: 'logits' });
    expect(Math.abs(score - expected)).toBeLessThan(2e-3 * Math.max(1, Math.abs(expected)));
    expect(await scoreOf(picture, { ...judges, combine: 'product' })).toBe(
      await scoreOf(picture, { combine: 'product' }),
    );
  });

  test('keeps the long side that it was measured at', async () => {
    await calibrate('bounded.safetensors', { longSide: 64 });
    const judges = { judges: path('bounded.safetensors'), clip: path('clip.safetensors') };
    const picture = pictureOf(2);
    expect(await scoreOf(picture, judges)).toBe(await scoreOf(picture, { ...judges, longSide: 64 }));
    expect(await refusal(() => open({ ...judges, longSide: 128 }))).toMatch(/long side of 64, got 128/);
  });

  test('is not written over another file, nor of too few pictures', async () => {
    await writeFile(path('taken.safetensors'), 'something');
    expect(await refusal(() => calibrate('taken.safetensors'))).toMatch(/exists already/);
    const one = () => calibrate('one.safetensors', { pictures: [path('photos', '0.png')] });
    expect(await refusal(one)).toMatch(/at least two/);
  });
});

describe('what cannot be is refused in one line', () => {
  test.each<readonly [string, Picture, RegExp]>([
    ['too small', noisyPicture(31, 80), /31×80 pixels.*at least 32×32/],
    [
      'of one colour',
      { ...noisyPicture(40, 40), data: new Float32Array(4800).fill(0.25) },
      /one colour everywhere/,
    ],
    [
      'no numbers',
      { ...noisyPicture(40, 40), data: new Float32Array(4800).fill(Number.NaN) },
      /must be a finite number/,
    ],
  ])('a picture that is %s', async (_, picture, message) => {
    await withScorer({}, async (scorer) => {
      expect(await refusal(() => scorer.score(picture))).toMatch(message);
      expect(await scorer.score(pictureOf(1))).toBeGreaterThan(0);
    });
  });

  test.each<readonly [string, Partial<SfdIqaOptions>, RegExp]>([
    ['a rule that there is none', { combine: 'sum' as 'average' }, /average, product, weighted, logits/],
    ['a weight without its rule', { featureWeight: 0.5 }, /featureWeight is for combine weighted/],
    ['a weight out of range', { combine: 'weighted', featureWeight: 2 }, /from 0 to 1/],
    ['logits that nobody measured', { combine: 'logits' }, /calibrateSfdIqa/],
    ['standardising without statistics', { standardise: true }, /calibrateSfdIqa/],
    ['a product of standardised terms', { combine: 'product', standardise: true }, /cannot be multiplied/],
    ['logits not standardised', { combine: 'logits', standardise: false }, /only when they are standardised/],
    ['a sigmoid of logits', { combine: 'logits', sigmoid: 'picture' }, /takes none/],
  ])('%s', async (_, changes, message) => {
    expect(await refusal(() => open(changes))).toMatch(message);
  });

  test('another CLIP, and none', async () => {
    const file = path('other.safetensors');
    const bytes = await readFile(path('clip.safetensors'));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    await writeFile(file, bytes);
    expect(await refusal(() => open({ clip: file }))).toMatch(/is not the CLIP that .* was trained with/);
    const bare = { judges: path('sfd', 'judges.safetensors') };
    expect(await refusal(() => open(bare))).toMatch(/`clip`/);
    expect(await scoreOf(pictureOf(1), { ...bare, clip: path('clip.safetensors') })).toBe(
      await scoreOf(pictureOf(1)),
    );
  });

  test('runs and files without such discriminators', async () => {
    expect(await refusal(() => open({ judges: path('start') }))).toMatch(/has no judges\.safetensors/);
    const weights = path('start', 'weights.safetensors');
    expect(await refusal(() => open({ judges: weights }))).toMatch(/holds no discriminators/);
    expect(await refusal(() => open({ judges: path('nowhere') }))).toMatch(/nowhere/);
  });
});
