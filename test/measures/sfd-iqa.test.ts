import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Picture, writePicture } from '#src/images/index.js';
import { calibrateSfdIqa, loadClip, openSfdIqa, type SfdIqaOptions, trainUpscaler } from '#src/api/index.js';
import type { SfdCombination } from '#src/quality/index.js';
import { bicubicResize } from '#src/pixels/index.js';
import { readSafetensors, writeSafetensors } from '#src/weights/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { sfdTermsInLoops } from './sfd-in-loops.js';
import { writeSmallClip } from '../models/small-clips.js';

const path = temporaryFolder();
const cpu = { device: 'cpu', threads: 1 } as const;
const runtime = cpuRuntime();

/** A picture of its own for every number. */
function pictureOf(index: number, width = 90, height = 70): Picture {
  const { data, ...picture } = noisyPicture(width, height);
  return { ...picture, data: data.map((value, i) => value * (0.5 + 0.5 * Math.sin(0.01 * index * i) ** 2)) };
}

/** As a file of 8 bits holds it. */
const eightBit = (picture: Picture): Picture => ({
  ...picture,
  data: picture.data.map((value) => Math.round(value * 255) / 255),
});

beforeAll(async () => {
  await writeSmallClip(path('clip.safetensors'));
  for (let i = 0; i < 4; i++) await writePicture(path('photos', `${i}.png`), pictureOf(i));
  const common = { pictures: [path('photos')], patch: 64, batch: 2, ...cpu };
  await trainUpscaler({ ...common, baseChannels: 8, modules: 2, steps: 1, output: path('start') });
  const sfd = {
    ...common,
    stage: 'sfd',
    from: path('start'),
    clip: path('clip.safetensors'),
    steps: 2,
  } as const;
  await trainUpscaler({ ...sfd, promptPairs: 2, featureChannels: 12, output: path('sfd') });
  await trainUpscaler({ ...sfd, discriminators: ['prompt'], output: path('prompts') });
  await trainUpscaler({
    ...sfd,
    discriminators: ['feature'],
    featureLayers: ['layer3'],
    output: path('features'),
  });
  // Heads that look at a position's neighbours.
  const wide = { featureLayers: ['layer3'], featureKernel: 3, featureDepth: 6, featureChannels: 12 } as const;
  await trainUpscaler({ ...sfd, ...wide, discriminators: ['feature'], output: path('wide') });
});

const open = (changes: Partial<SfdIqaOptions> = {}) =>
  openSfdIqa({ judges: path('sfd'), ...cpu, ...changes });

/** Does something with a scorer, and closes it. */
async function withScorer<Result>(
  changes: Partial<SfdIqaOptions>,
  work: (scorer: Awaited<ReturnType<typeof open>>) => Promise<Result>,
): Promise<Result> {
  const scorer = await open(changes);
  try {
    return await work(scorer);
  } finally {
    await scorer.close();
  }
}

const scoreOf = (picture: Picture | string | Uint8Array, changes: Partial<SfdIqaOptions> = {}) =>
  withScorer(changes, (scorer) => scorer.score(picture));

/** The terms as loops over numbers give them. */
async function inLoops(picture: Picture, run = 'sfd') {
  const judges = await readSafetensors(path(run, 'judges.safetensors'));
  return sfdTermsInLoops(runtime(), await loadClip(path('clip.safetensors')), judges, picture);
}

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
