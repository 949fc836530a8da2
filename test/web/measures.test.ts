import { expect, test } from 'vitest';
import { compare, openMeasure } from '#src/api/index.js';
import { pages } from './chromium.js';
import { libraryPage } from './built-page.js';
import { noisyPicture, program } from './library-page.js';

const open = pages();
const built = libraryPage();

test('a page scores and compares with the numbers of Node', { timeout: 600_000 }, async (context) => {
  const { page, check } = await open(context, built);
  const { picture, image } = noisyPicture(208, 192);
  const metrics = ['psnr', 'psnr-y', 'ssim', 'ssim-y', 'ssim-uniform', 'ssim-reduced', 'ms-ssim'] as const;
  const found: {
    scores: { revela: number; niqe: number };
    map: { rows: number; columns: number; data: number[] };
    compared: Record<string, number>;
    equal: number;
    wrong: { code: string; option?: string; message: string }[];
  } = await page.evaluate(
    program(
      image,
      `const { scores, map } = await revela.score(image, { metrics: ['revela', 'niqe'] });
       const other = { ...image, data: image.data.map((value, i) => (i % 4 === 3 ? 255 : value ^ (i % 7))) };
       const compared = await revela.compare(image, other, { metrics: ${JSON.stringify(metrics)} });
       const { psnr: equal } = await revela.compare(image, image);
       const caught = ({ code, option, message }) => ({ code, option, message });
       const small = { data: new Uint8ClampedArray(400).fill(255), width: 10, height: 10 };
       const wrong = await Promise.all([
         revela.score(image, { metrics: ['beauty'] }).catch(caught),
         revela.compare(image, small).catch(caught),
       ]);
       return { scores, map: { ...map, data: [...map.data] }, compared, equal, wrong };`,
    ),
  );
  await using revela = await openMeasure('revela', { device: 'cpu' });
  const score = await revela.score(picture);
  expect(found.scores.revela).toBeCloseTo(score, 2);
  const map = await revela.map?.(picture);
  expect([found.map.rows, found.map.columns]).toEqual([map?.rows, map?.columns]);
  expect(Math.max(...found.map.data.map((value, i) => Math.abs(value - (map?.data[i] ?? 0))))).toBeLessThan(
    1e-4,
  );
  await using niqe = await openMeasure('niqe');
  expect(found.scores.niqe).toBeCloseTo(await niqe.score(picture), 9);

  const levels = picture.width * picture.height;
  const other = picture.data.map((value, i) => {
    const [channel, place] = [Math.floor(i / levels), i % levels];
    return (Math.round(255 * value) ^ ((4 * place + channel) % 7)) / 255;
  });
  expect(found.compared).toEqual(await compare(picture, { ...picture, data: other }, { metrics }));
  expect(found.equal).toBe(Number.POSITIVE_INFINITY);
  expect(found.wrong).toMatchObject([
    { code: 'ERR_OPTION', option: 'metrics', message: '`metrics` must be revela or niqe, got beauty' },
    {
      message:
        'the picture has 208×192 pixels and the reference has 10×10; expected two pictures of one size',
    },
  ]);
  check();
});
