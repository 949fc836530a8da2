import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compare, openDenoiser } from '#src/api/index.js';
import { intendedFor, removeNoise } from '#src/apply/remove-noise.js';
import { settledBy } from '#src/apply/settled-strength.js';
import { readPicture } from '#src/images/index.js';
import type { LeanPicture, Picture } from '#src/pixels/index.js';
import { scene } from '../denoise/measure-noise/drawn-pictures.js';
import { sharedFolder } from '../shared.js';

const picture: Picture = { ...scene(), ...{ bitDepth: 8, format: 'png', metadata: {} } };

/** A network that takes away noise of this deviation, of 255. */
const taking = (deviation: number) => ({
  apply: async ({ width, height, channels }: LeanPicture): Promise<Picture> => ({
    ...{ ...picture, width, height, channels },
    data: picture.data.map((value, i) => value + ((i % 2 === 0 ? 1 : -1) * deviation) / 255),
  }),
});

test.each([
  [0.5, 1],
  [1.1, 0.5],
  [1.16, 0.3],
  [2, 0.3],
])(
  'where a network takes away %f of 255 the strength is %f, and 0.3 by evidence alone',
  async (deviation, strength) => {
    const intended = { ...(await intendedFor(picture, {})), strength: 0.3, seen: 1 };
    const answer = await taking(deviation).apply(picture);
    expect((await settledBy(answer, picture, intended)).strength).toBeCloseTo(strength, 3);
    // Never more than is seen, nor than was asked for.
    expect((await settledBy(answer, picture, { ...intended, seen: 0.4 })).strength).toBeLessThanOrEqual(0.4);
    expect((await settledBy(answer, picture, { ...intended, seen: 0.3 })).strength).toBe(0.3);
  },
);

test('a picture of which a network would take much without evidence is as it was; one whose noise is not seen is not shown to it', async () => {
  const settings = { luma: 1, chroma: 1, detail: 0.5, bare: false };
  const intended = { ...(await intendedFor(picture, {})), strength: 0, secondLook: false } as const;
  const made = await removeNoise(taking(3), picture, { ...intended, seen: 1 }, settings, undefined, {});
  expect(made.picture.data).toEqual(picture.data);
  expect(made.facts).toMatchObject({ strength: 0, removed: 0 });
  const unasked = { apply: () => Promise.reject(new Error('it was asked')) };
  const same = await removeNoise(unasked, picture, { ...intended, seen: 0 }, settings, undefined, {});
  expect(same.picture.data).toEqual(picture.data);
});

test('weak noise of cameras that cannot be told from texture is taken away, and the truth is nearer', async (context) => {
  const folder = sharedFolder(context, 'data', 'polyu');
  await using denoiser = await openDenoiser({ device: 'cpu' });
  for (const [name, gain] of [
    ['Canon5D2_5_160_3200_chair_11', 1.2],
    ['Canon5D2_5_160_3200_chair_5', 0.6],
    ['Canon600D_3-5_125_1600_waterhouse_11', 1],
  ] as const) {
    const noisy = await readPicture(join(folder, `${name}_real.JPG`));
    const truth = await readPicture(join(folder, `${name}_mean.JPG`));
    const { picture: clean } = await denoiser.removal(noisy);
    const [before, after] = [await compare(noisy, truth), await compare(clean, truth)];
    expect((after.psnr ?? 0) - (before.psnr ?? 0), name).toBeGreaterThan(gain);
  }
});
