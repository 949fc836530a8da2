import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readPicture } from '#src/images/index.js';
import { lumaOf, psnr, ssim } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';

interface Reference {
  readonly image: string;
  readonly psnr: number;
  readonly ssim_gaussian_scikit: number;
  readonly psnr_y_crop4: number;
  readonly ssim_y_crop4: number;
}

test('PSNR and SSIM of noisy photographs equal the reference programs, in RGB and in luma', async (context) => {
  const folder = sharedFolder(context, 'data', 'sidd5');
  const fixture = new URL('../fixtures/metrics_sidd5_noisy_vs_clean.json', import.meta.url);
  const references: readonly Reference[] = JSON.parse(await readFile(fixture, 'utf8'));
  expect(references).toHaveLength(5);
  for (const reference of references) {
    const noisy = await readPicture(`${folder}/noisy/${reference.image}`);
    const clean = await readPicture(`${folder}/clean/${reference.image}`);
    expect(Math.abs(psnr(noisy, clean) - reference.psnr)).toBeLessThan(1e-6);
    expect(Math.abs(ssim(noisy, clean) - reference.ssim_gaussian_scikit)).toBeLessThan(1e-6);
    const [before, after] = [lumaOf(noisy, 4), lumaOf(clean, 4)];
    expect(Math.abs(psnr(before, after) - reference.psnr_y_crop4)).toBeLessThan(1e-6);
    expect(Math.abs(ssim(before, after) - reference.ssim_y_crop4)).toBeLessThan(1e-6);
  }
});
