import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compare } from '#src/api/index.js';
import { encodeSafetensors } from '#src/weights/anywhere.js';
import { madeBackbone, madeHeads, stored } from '../models/distances.js';
import { temporaryFolder } from '../weights/files.js';
import { findings } from './axe.js';
import { builtPage, libraryPage } from './built-page.js';
import { pages } from './chromium.js';
import { noisyPicture, program } from './library-page.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const library = libraryPage();
const built = builtPage();

/** Writes LPIPS of SqueezeNet, of made weights. */
async function writeLpips(folder: string) {
  const [heads, backbone] = [join(folder, 'heads.safetensors'), join(folder, 'backbone.safetensors')];
  await writeFile(heads, encodeSafetensors({ tensors: stored(madeHeads('squeeze')) }));
  await writeFile(backbone, encodeSafetensors({ tensors: stored(madeBackbone('squeeze')) }));
  return { heads, backbone };
}

test('LPIPS in a page gives the number of Node, by the files that it is given in any order', async (context) => {
  const files = await writeLpips(library);
  const { page, check } = await open(context, library);
  const { picture, image } = noisyPicture(80, 64);
  const found: { network: string; lpips: number; without: string; wrong: string } = await page.evaluate(
    program(
      image,
      `const file = async (name) => (await fetch(name)).blob();
       const [heads, backbone] = [await file('heads.safetensors'), await file('backbone.safetensors')];
       const other = { ...image, data: image.data.map((value, i) => (i % 4 === 3 ? 255 : value ^ (i % 7))) };
       const compare = () => revela.compare(image, other, { metrics: ['psnr', 'lpips'] });
       const without = await compare().catch(({ message }) => message);
       const wrong = await revela.loadLpips(backbone, backbone).catch(({ message }) => message);
       const { network } = await revela.loadLpips(backbone, heads);
       return { network, lpips: (await compare()).lpips, without, wrong };`,
    ),
  );
  expect(found.network).toBe('squeeze');
  expect(found.without).toBe('LPIPS needs two files of weights; call `loadLpips` first');
  expect(found.wrong).toMatch(/^neither the first file nor the second file holds heads of LPIPS/);
  const levels = picture.width * picture.height;
  const other = picture.data.map((value, i) => {
    const [channel, place] = [Math.floor(i / levels), i % levels];
    return (Math.round(255 * value) ^ ((4 * place + channel) % 7)) / 255;
  });
  const { heads: weights, backbone } = files;
  const metrics = ['lpips-squeeze'] as const;
  const given = { metrics, device: 'cpu', files: { squeeze: { weights, backbone } } } as const;
  const { 'lpips-squeeze': expected } = await compare(picture, { ...picture, data: other }, given);
  expect(Math.abs(found.lpips / (expected ?? 0) - 1)).toBeLessThan(1e-5);
  check();
}, 600_000);

test('the page compares by LPIPS once its files are chosen', async (context) => {
  const { heads, backbone } = await writeLpips(path());
  const { page, check } = await open(context, built, { serviceWorker: false, search: '?task=compare' });
  await page.setInputFiles('#file', [
    await writeNoisy(path, 0.02, 'one'),
    await writeNoisy(path, 0.07, 'two'),
  ]);
  await page.getByRole('button', { name: 'two.png' }).first().click();
  await page.getByText(/^PSNR .* Higher is closer to the reference\.$/).waitFor();
  expect(await findings(page), 'before').toEqual([]);
  await page.setInputFiles('#lpips-files', [heads]);
  expect(await page.textContent('#problem-text')).toMatch(/^LPIPS takes two files/);
  await page.setInputFiles('#lpips-files', [heads, await writeNoisy(path, 0.02, 'no-weights')]);
  await page.getByText(/^.*no-weights\.png is not a safetensors file/i).waitFor();
  await page.setInputFiles('#lpips-files', [backbone, heads]);
  await page.getByText(/^PSNR .* LPIPS [\d.]+, lower is closer\.$/).waitFor();
  expect(await page.isVisible('#load-lpips')).toBe(false);
  expect(await findings(page), 'after').toEqual([]);
  check();
}, 600_000);
