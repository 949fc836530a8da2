import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { findPictures, readPicture, writePicture } from '#src/images/index.js';
import {
  measureNamed,
  measureNames,
  measures,
  openMeasure,
  openSfdIqa,
  score,
  scorePictures,
  trainUpscaler,
} from '#src/api/index.js';
import { measureIdentity } from '#src/measures/measure-identity.js';
import { shippedNiqePath } from '#src/models/shipped-weights.js';
import { extractTile } from '#src/pixels/index.js';
import { fitNiqeModel, niqe, readNiqeModel, writeNiqeModel } from '#src/quality/index.js';
import { degradeBicubic } from '#src/upscale/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { writeSmallClip } from '../models/small-clips.js';

const path = temporaryFolder();
const cpu = { device: 'cpu', threads: 1 } as const;

beforeAll(async () => {
  await writePicture(path('a.png'), noisyPicture(220, 200));
  await writePicture(path('b.png'), noisyPicture(200, 220));
});

describe('the measures', () => {
  it('say what is to be known of them, under one name each', () => {
    expect(Object.keys(measures)).toEqual([...measureNames]);
    for (const name of measureNames) {
      const { range, smallest, needsReference, ...measure } = measures[name];
      expect(measure.name).toBe(name);
      expect(needsReference).toBe(false);
      expect(range[0]).toBeLessThan(range[1]);
      expect(smallest.width).toBeGreaterThan(0);
    }
  });

  it('are found as papers and programs write them', () => {
    expect(['NIQE', 'ILNIQE', 'clipiqa', 'SFD-IQA'].map(measureNamed)).toEqual([
      'niqe',
      'il-niqe',
      'clip-iqa',
      'sfd-iqa',
    ]);
    expect(() => measureNamed('musiq')).toThrow('`metrics` must be one of revela, niqe');
  });
});

describe('score', () => {
  it('takes a file, its bytes, and a decoded picture', async () => {
    const fromFile = await score(path('a.png'), cpu);
    expect(fromFile).toEqual({
      metric: 'revela',
      value: expect.any(Number),
      better: 'higher',
      range: [0, 100],
    });
    expect(await score(await readFile(path('a.png')), cpu)).toEqual(fromFile);
    expect(await score(await readPicture(path('a.png')), cpu)).toEqual(fromFile);
  });

  it('is that of the measure it names', async () => {
    const picture = await readPicture(path('a.png'));
    const { value, better, range } = await score(picture, { metric: 'niqe' });
    expect(value).toBe(niqe(picture, await readNiqeModel(shippedNiqePath())));
    expect([better, range]).toEqual(['lower', [0, Number.POSITIVE_INFINITY]]);
    const flat = { ...picture, data: picture.data.map(() => 0.5) };
    expect(await refusal(() => score(flat, { metric: 'niqe' }))).toContain('the rest is flat');
    expect(await refusal(() => score(flat, cpu))).toContain('flat');
  });

  it('by NIQE does not call the model of the package the original’s', async () => {
    const own = await openMeasure('niqe');
    expect(own.measure.title).toBe("NIQE (Revela's model)");
    const given = await openMeasure('niqe', { niqeModel: shippedNiqePath() });
    expect(given.measure.title).toBe('NIQE');
    expect(await given.score(path('a.png'))).toBe(await own.score(path('a.png')));
  });
});

describe('a map', () => {
  it('of the scorer is on the scale of all maps, and as large as the picture', async () => {
    const scorer = await openMeasure('revela', cpu);
    const map = await scorer.map?.(path('a.png'));
    expect(map?.score).toBe(await scorer.score(path('a.png')));
    await scorer.close();
    if (map === undefined) expect.fail('there is no map');
    expect([map.rows, map.columns]).toEqual([Math.ceil(200 / 16), Math.ceil(220 / 16)]);
    expect([map.down, map.across]).toEqual([200 / 16, 220 / 16]);
    expect(map.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

describe('SFD-IQA by name', () => {
  beforeAll(async () => {
    await writeSmallClip(path('clip.safetensors'));
    const common = { pictures: [path('a.png'), path('b.png')], patch: 64, batch: 1, ...cpu };
    await trainUpscaler({ ...common, baseChannels: 8, modules: 2, steps: 1, output: path('pixel') });
    await trainUpscaler({
      ...common,
      ...{ stage: 'sfd', from: path('pixel'), clip: path('clip.safetensors'), steps: 1, featureChannels: 8 },
      output: path('sfd'),
    });
  });

  it('is what its own opener gives, with its rules', async () => {
    const options = { judges: path('sfd'), combine: 'weighted', featureWeight: 0.3, ...cpu } as const;
    const scorer = await openSfdIqa(options);
    const expected = await scorer.score(path('a.png'));
    await scorer.close();
    expect((await score(path('a.png'), { metric: 'sfdiqa', ...options })).value).toBe(expected);
    const { pictures } = await scorePictures([path('a.png'), path('b.png')], {
      ...{ ...options, metrics: ['sfd-iqa'], record: path('sfd.jsonl') },
    });
    expect(pictures[0]).toEqual({ picture: path('a.png'), scores: { 'sfd-iqa': expected }, known: false });
    // A rule more is another measure.
    const again = (changes: object) =>
      scorePictures([path('a.png')], {
        ...options,
        metrics: ['sfd-iqa'],
        record: path('sfd.jsonl'),
        ...changes,
      });
    expect((await again({})).pictures[0]?.known).toBe(true);
    expect((await again({ featureWeight: 0.4 })).pictures[0]?.known).toBe(false);
  });
});

test('a measure is known by the content of its files and by its options', async () => {
  const given = await readNiqeModel(shippedNiqePath());
  await writeNiqeModel(path('same.safetensors'), given);
  const before = await measureIdentity('niqe', { niqeModel: path('same.safetensors') });
  expect(await measureIdentity('niqe', { niqeModel: path('same.safetensors') })).toBe(before);
  expect(await measureIdentity('niqe', {})).not.toBe(before);
  await writeNiqeModel(path('same.safetensors'), { ...given, mean: given.mean.map((value) => value + 1e-9) });
  expect(await measureIdentity('niqe', { niqeModel: path('same.safetensors') })).not.toBe(before);
  expect(await refusal(() => measureIdentity('niqe', { niqeModel: given }))).toContain('give paths');
  expect(await measureIdentity('revela', {})).not.toBe(before);
});

test('a record is a plain file', async () => {
  const scoring = () => scorePictures([path('a.png')], { metrics: ['niqe'], record: '/dev/zero' });
  expect(await refusal(scoring)).toContain('/dev/zero');
});

test('the model that comes with the package is what the command makes of the pictures its card names', async (context) => {
  const photographs = await findPictures([sharedFolder(context, 'data', 'photos')]);
  expect(photographs.length).toBe(373);
  async function* halves() {
    for (const photograph of photographs) {
      const { channels, width, height, data } = await readPicture(photograph);
      const even = { x: 0, y: 0, width: width - (width % 2), height: height - (height % 2) };
      const isEven = even.width === width && even.height === height;
      const cut = isEven ? data : extractTile(data, channels, height, width, even);
      yield degradeBicubic({ channels, width: even.width, height: even.height, data: cut }, 2);
    }
  }
  const [fitted, shipped] = [await fitNiqeModel(halves()), await readNiqeModel(shippedNiqePath())];
  for (const part of ['mean', 'covariance'] as const)
    for (const [i, value] of shipped[part].entries())
      expect(Math.abs((fitted[part][i] ?? Number.NaN) - value)).toBeLessThan(1e-9);
  async function* none() {}
  expect(await refusal(() => fitNiqeModel(none()))).toContain('sharp patches');
}, 300_000);
