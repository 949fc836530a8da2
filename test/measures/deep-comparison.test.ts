import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openComparison } from '#src/api/index.js';
import { psnr, ssim } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';
import { noisyPicture } from '../models/denoisers.js';

test('pictures of 16 bits are compared on 16, and it is said', async (context) => {
  const folder = sharedFolder(context, 'cases', 'train-sixteen-bit-compare');
  await using comparison = await openComparison({ metrics: ['psnr', 'psnr-y', 'ssim'] });
  const { bits, scores } = await comparison.compare(join(folder, 'a.png'), join(folder, 'b.png'));
  expect(bits).toBe(16);
  expect(scores['psnr']).toBeCloseTo(57.9, 1);
  expect(scores['psnr-y']).toBeLessThan(100);
  expect(scores['ssim']).toBeLessThan(1);
});

test('a picture of 8 bits is compared on 8, with whatever', () => {
  const deep = noisyPicture(32, 24, { bitDepth: 16 });
  const shallow = noisyPicture(32, 24);
  const slightly = { ...deep, data: deep.data.map((value) => value + 0.0004) };
  expect(psnr(deep, slightly)).toBeCloseTo(68, 0);
  expect(psnr(slightly, shallow)).toBe(psnr({ ...slightly, bitDepth: 8 }, shallow));
  expect(ssim(deep, slightly)).toBeLessThan(1);
});
