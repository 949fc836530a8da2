import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compare, openComparison, referenceMeasures } from '#src/api/index.js';
import { type Picture, readPicture, writePicture } from '#src/images/index.js';
import { lumaOf, msSsim, psnr, ssim, withoutBorder } from '#src/quality/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';

const path = temporaryFolder();

/** Paler in the middle than at the ends. */
const paler = (picture: Picture): Picture => ({
  ...picture,
  data: picture.data.map((value, i) => 0.8 * value + (i % picture.width) / (6 * picture.width)),
});

test('two pictures are compared by files, bytes and decoded alike, and by name of each measure of pixels', async () => {
  const a = noisyPicture(170, 164);
  const b = paler(a);
  await writePicture(path('a.png'), a);
  await writePicture(path('b.png'), b);
  const [x, y] = [await readPicture(path('a.png')), await readPicture(path('b.png'))];
  const metrics = referenceMeasures.filter(({ needs }) => needs.length === 0).map(({ name }) => name);
  const scores = await compare(path('a.png'), await readFile(path('b.png')), { metrics });
  expect(Object.keys(scores)).toEqual(metrics);
  expect(scores).toEqual(await compare(x, y, { metrics }));
  expect(scores['psnr']).toBe(psnr(x, y));
  expect(scores['ssim']).toBe(ssim(x, y));
  expect(scores['ssim-y']).toBe(ssim(lumaOf(x), lumaOf(y)));
  expect(scores['ssim-uniform']).toBe(ssim(x, y, { window: 'uniform' }));
  expect(scores['ms-ssim']).toBe(msSsim(x, y));
  expect(Object.keys(await compare(x, y))).toEqual(['psnr', 'ssim']);
});

test('the border is left out by every measure', async () => {
  const a = noisyPicture(60, 50);
  const b = paler(a);
  const comparison = await openComparison({ metrics: ['psnr', 'psnr-y', 'ssim'], border: 7 });
  const { width, height, scores } = await comparison.compare(a, b);
  await comparison.close();
  expect([width, height, comparison.device]).toEqual([60, 50, undefined]);
  expect(scores).toEqual({
    psnr: psnr(withoutBorder(a, 7), withoutBorder(b, 7)),
    'psnr-y': psnr(lumaOf(a, 7), lumaOf(b, 7)),
    ssim: ssim(withoutBorder(a, 7), withoutBorder(b, 7)),
  });
});

test('measures are named in any case, with or without hyphens', async () => {
  const picture = noisyPicture(40, 30);
  expect(await compare(picture, picture, { metrics: ['PSNR', 'SSIMY'] })).toEqual({
    psnr: Number.POSITIVE_INFINITY,
    'ssim-y': 1,
  });
});

test('what cannot be compared is refused in a line', async () => {
  const picture = noisyPicture(40, 30);
  expect(await refusal(() => compare(picture, noisyPicture(30, 40)))).toBe(
    'the picture has 40×30 pixels and the reference has 30×40; expected two pictures of one size',
  );
  for (const metrics of [
    ['psnr', 'PSNR'],
    ['LPIPS', 'lpips-alex'],
  ])
    expect(await refusal(() => compare(picture, picture, { metrics }))).toContain(' twice');
  expect(await refusal(() => compare(picture, picture, { metrics: [] }))).toContain('`metrics` needs');
  expect(await refusal(() => compare(picture, picture, { border: 1.5 }))).toContain('`border` must be');
});
