import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { measureNoise, seenStrength } from '#src/denoise/index.js';
import { readPicture } from '#src/images/index.js';
import { denoise } from '#src/index.js';
import { psnr } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';

/** What a clean picture may lose, in dB against itself. */
const LEAST = 45;

describe('clean photographs are left alone', () => {
  const found: number[] = [];

  test.for([
    { set: 'set14', every: 1 },
    { set: 'bsds500_train', every: 10 },
  ])('$set, one of $every', async ({ set, every }, context) => {
    const folder = sharedFolder(context, 'data', set);
    const names = (await readdir(folder)).toSorted().filter((_, i) => i % every === 0);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const picture = await readPicture(join(folder, name));
      // Where no noise is seen a picture is copied, which the tests of denoising see to.
      if (seenStrength(measureNoise(picture), picture.width * picture.height) === 0) continue;
      const value = psnr(await denoise(picture), picture);
      found.push(value);
      expect(value, name).toBeGreaterThan(LEAST);
    }
  });

  afterAll(() => expect(found.length).toBeGreaterThan(3));
});
