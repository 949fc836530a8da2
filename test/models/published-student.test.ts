import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPicture } from '#src/images/index.js';
import { loadDenoiserWeights, openDenoiser } from '#src/api/index.js';
import { psnr } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';

/** What the published program gives, in decibels. */
const published = { 34: 32.44, 293: 34.24, 531: 40.69, 842: 42.33, 1068: 36.98 };

test('TM-BSN’s published student denoises as its own program does, recognised by its tensors', async (context) => {
  const weights = sharedFolder(context, 'weights', 'NBSN_SIDD.pth');
  const pairs = sharedFolder(context, 'data', 'sidd5');
  const { method, description } = await loadDenoiserWeights(weights);
  expect([method, description.architecture]).toEqual(['distilled', 'student']);
  const denoising = await openDenoiser({ weights, adapt: false, bare: true, device: 'cpu' });
  for (const [name, expected] of Object.entries(published)) {
    const denoised = await denoising.denoise(join(pairs, 'noisy', `${name}.png`));
    const clean = await readPicture(join(pairs, 'clean', `${name}.png`));
    expect(Math.abs(psnr(denoised, clean) - expected), name).toBeLessThan(0.02);
  }
  await denoising.close();
});
