import { beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { type Picture, readPicture, writePicture } from '#src/images/index.js';
import { type ClipIqaOptions, type ClipWeights, loadClip, openClipIqa } from '#src/api/index.js';
import { heatMap } from '#src/quality/index.js';
import { useSwiftShader } from '../runtime/swiftshader.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { writeWordyClip } from '../models/small-clips.js';

const path = temporaryFolder();
beforeAll(() => writeWordyClip(path('clip.safetensors')));

const open = (changes: Partial<ClipIqaOptions> = {}) =>
  openClipIqa({ clip: path('clip.safetensors'), device: 'cpu', threads: 1, ...changes });

/** The score of one picture by a scorer of its own. */
async function scoreOf(picture: Picture | string, changes: Partial<ClipIqaOptions> = {}): Promise<number> {
  const scorer = await open(changes);
  try {
    return await scorer.score(picture);
  } finally {
    await scorer.close();
  }
}

/** A picture of waves that a PyTorch program draws to the same 8 bits. */
function waves(height: number, width: number): Picture {
  const data = new Float32Array(3 * height * width);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const wave = Math.sin(0.7 * x + 0.3 * (c + 1) * y + c + 0.01 * x * y);
        data[(c * height + y) * width + x] = Math.floor(127.5 + 127.5 * wave + 0.5) / 255;
      }
  return { width, height, channels: 3, data, bitDepth: 8, format: 'png', metadata: {} };
}

/** The CLIP of the TorchScript archive, with the heads of its text encoder, which no shape tells. */
async function archived(context: TestContext): Promise<ClipWeights> {
  const clip = await loadClip(sharedFolder(context, 'weights', 'clip_small_torchscript.pt'));
  return { ...clip, config: { ...clip.config, transformer_heads: 2 } };
}

describe('CLIP-IQA beside PyTorch', () => {
  const pairs = [
    { good: [62, 5, 9, 63], bad: [62, 17, 63] },
    { good: [62, 30, 31, 32, 63], bad: [62, 8, 63] },
  ];

  // PyTorch 1.13 in double precision, from the archive's tensors and reflected to multiples of 32. With the table of
  // positions the same program agrees with the archive's own forward pass.
  const expected = [
    { height: 64, width: 64, one: 0.1342388185272309, both: 0.25818580289439225 },
    { height: 96, width: 128, one: 0.1337263078929321, both: 0.2565924422644674 },
    { height: 70, width: 101, one: 0.13336913266360248, both: 0.2557903610508203 },
    { height: 40, width: 33, one: 0.13333907139956572, both: 0.2558195538670796 },
  ];
  test('gives the same scores, of one pair and of two, at any size', async (context) => {
    const clip = await archived(context);
    const [one, both] = [await open({ clip, pairs: pairs.slice(0, 1) }), await open({ clip, pairs })];
    for (const { height, width, ...scores } of expected) {
      const picture = waves(height, width);
      expect(Math.abs((await one.score(picture)) - scores.one), `${height}×${width}`).toBeLessThan(1e-5);
      expect(Math.abs((await both.score(picture)) - scores.both), `${height}×${width}`).toBeLessThan(1e-5);
    }
    await one.close();
    await both.close();
  });
});

describe('CLIP-IQA', () => {
  test('asks for good and bad photos, in [0, 1], unless other words are given', async () => {
    const picture = noisyPicture(70, 90);
    const usual = await scoreOf(picture);
    expect(await scoreOf(picture, { pairs: [{ good: 'Good photo.', bad: 'Bad photo.' }] })).toBe(usual);
    const sharp = { good: 'Sharp photo.', bad: 'Blurry photo.' };
    const other = await scoreOf(picture, { pairs: [sharp] });
    expect(other).not.toBe(usual);
    const both = await scoreOf(picture, { pairs: [{ good: 'Good photo.', bad: 'Bad photo.' }, sharp] });
    expect(both).toBeCloseTo((usual + other) / 2, 6);
    expect(await scoreOf(picture, { pairs: [{ good: sharp.bad, bad: sharp.good }] })).toBeCloseTo(
      1 - other,
      6,
    );
    for (const score of [usual, other, both]) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(1);
    }
  });

  test('counts numbers beyond [0, 1] as a file would, whether pictures are made smaller or not', async () => {
    const bright = { ...waves(70, 101), data: waves(70, 101).data.map((value) => 1.6 * value - 0.25) };
    const cut = { ...bright, data: bright.data.map((value) => Math.min(1, Math.max(0, value))) };
    for (const longSide of [64, 'full'] as const)
      expect(await scoreOf(bright, { longSide })).toBe(await scoreOf(cut, { longSide }));
  });

  test('maps a picture square by square, and the map is laid over it', async () => {
    const scorer = await open();
    const picture = noisyPicture(100, 70);
    const map = await scorer.map(picture);
    expect(map.score).toBe(await scorer.score(picture));
    expect([map.rows, map.columns, map.down, map.across]).toEqual([3, 4, 70 / 32, 100 / 32]);
    expect(map.data).toHaveLength(12);
    expect(Math.min(...map.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...map.data)).toBeLessThanOrEqual(1);
    expect(new Set(map.data).size).toBeGreaterThan(6);
    await scorer.close();
    await writePicture(path('map.png'), heatMap(map, picture, { range: 'own' }));
    const { width, height, channels } = await readPicture(path('map.png'));
    expect([width, height, channels]).toEqual([100, 70, 3]);
  });

  test('is the same on WebGPU to 1e-4', async (context) => {
    useSwiftShader(context);
    const picture = noisyPicture(40, 64);
    const score = await scoreOf(picture, { device: 'webgpu' });
    expect(Math.abs(score - (await scoreOf(picture)))).toBeLessThan(1e-4);
  });

  test('says what it is', async () => {
    const scorer = await open();
    expect(scorer.measure).toMatchObject({
      ...{ name: 'clip-iqa', better: 'higher', range: [0, 1], needsReference: false },
    });
    await scorer.close();
  });

  test.each<readonly [string, Partial<ClipIqaOptions>, RegExp]>([
    ['no pairs', { pairs: [] }, /at least one pair/],
    ['a text without words', { pairs: [{ good: ' ', bad: 'Bad photo.' }] }, /needs words/],
    [
      'a text longer than the context',
      { pairs: [{ good: 'good '.repeat(40), bad: 'Bad.' }] },
      /reads at most 20/,
    ],
    [
      'tokens that it does not have',
      { pairs: [{ good: [49_406, 60_000, 49_407], bad: [49_406, 1, 49_407] }] },
      /none of the 49408/,
    ],
    ['a tile of half a square', { tile: 80 }, /`tile` must be a multiple of 32/],
    ['a long side below a square', { longSide: 20 }, /`longSide` must be/],
    ['a file that is no CLIP', { clip: 'package.json' }, /package\.json/],
  ])('refuses %s', async (_, changes, message) => {
    expect(await refusal(() => open(changes))).toMatch(message);
  });
});
