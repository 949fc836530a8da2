import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { compare, score } from '#src/api/index.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { quantize } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import { temporaryFolder } from '../weights/files.js';
import { findings } from './axe.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

/** Writes a picture of waves that run in a direction, with noise. */
async function writeWaves(name: string, noise: number, [across, down]: readonly [number, number]) {
  const [width, height] = [224, 208];
  const random = createRandom(3);
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const drawn =
      0.5 + 0.3 * Math.sin(across * x + down * y + Math.sin(x / 17) * 2) + noise * random.normal();
    data[i] = Math.min(1, Math.max(0, drawn));
  }
  const file = path(name);
  await writePicture(file, { width, height, channels: 3, data, bitDepth: 8, format: 'png', metadata: {} });
  return file;
}

/** Four pixels of a file, as a canvas has them. */
async function pixelsOf(file: string): Promise<number[]> {
  const picture = await readPicture(file);
  const samples = quantize(picture, 8);
  return [0, 1, 2, 3].flatMap((i) => {
    const from = 3 * (100 * picture.width + 100 + i);
    return [...samples.subarray(from, from + 3), 255];
  });
}

/** Waits until all is done, and gives the cells of the ranking. */
async function ranking(page: Page): Promise<string[][]> {
  const unfinished = page.locator('[data-state=waiting], [data-state=working]');
  await unfinished.first().waitFor({ state: 'detached' });
  return page.evaluate(
    "[...document.querySelectorAll('#ranking-rows tr')].map((row) => [...row.cells].map((cell) => cell.textContent))",
  );
}

/** Axe finds nothing, in light and dark, and nothing sticks out of a phone. */
async function expectOrder(page: Page): Promise<void> {
  expect(await findings(page), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await findings(page), 'dark, on a phone').toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.setViewportSize(size);
}

test('pictures are scored with a map, ranked, and the best of a burst is named; the list is saved', async (context) => {
  const { page, check } = await open(context, built, { search: '?task=score' });
  const noisy = await writeWaves('=noisy.png', 0.2, [0.1, 0.02]);
  const clean = await writeWaves('clean.png', 0.01, [0.1, 0.02]);
  const other = await writeWaves('other.png', 0.05, [-0.03, 0.2]);
  await page.setInputFiles('#file', [noisy, clean, other]);
  const rows = await ranking(page);
  const scores = await Promise.all([noisy, clean, other].map(async (file) => (await score(file)).value));
  const [ofNoisy = 0, ofClean = 0, ofOther = 0] = scores;
  const told = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
  expect(told['=noisy.png']).toBeCloseTo(ofNoisy, 0.9);
  expect(told['clean.png']).toBeCloseTo(ofClean, 0.9);
  expect(told['other.png']).toBeCloseTo(ofOther, 0.9);
  const values = rows.map(([, , value]) => Number(value));
  expect(values, 'the best first').toEqual(values.toSorted((a, b) => b - a));
  expect(rows.map(([rank]) => rank)).toEqual(['1', '2', '3']);
  const [best, worse] = ofClean > ofNoisy ? ['clean.png', '=noisy.png'] : ['=noisy.png', 'clean.png'];
  const burstOf = (name?: string) => rows.find((row) => row[1] === name)?.[4];
  expect([burstOf(best), burstOf(worse), burstOf('other.png')]).toEqual(['1: best of 2', '1: 2 of 2', '']);
  expect(await page.textContent('#facts')).toMatch(
    /^Score \d+\.\d of 100, higher is better\. NIQE \d+\.\d\d, lower/,
  );
  // The map is coloured: blue or red, where the picture is grey.
  const colourful = () =>
    page.evaluate(
      "after.getContext('2d').getImageData(0, 0, 224, 208).data.filter((_, i, all) => i % 4 === 0 && Math.abs(all[i] - all[i + 2]) > 20).length",
    );
  await expect.poll(colourful).toBeGreaterThan(1000);
  await expectOrder(page);

  await page.focus('#best');
  await page.keyboard.press('Space');
  expect(await ranking(page)).toHaveLength(2);
  expect(new URL(page.url()).search).toBe('?task=score&best=true');
  await page.locator('#ranking-rows button').last().focus();
  await page.keyboard.press('Enter');
  await page.locator('#ranking-rows tr.shown').last().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-list')]);
  expect(download.suggestedFilename()).toBe('scores.csv');
  await download.saveAs(path('scores.csv'));
  const [head, ...lines] = (await readFile(path('scores.csv'), 'utf8')).trim().split('\n');
  expect(head).toBe('rank,picture,revela,niqe,burst,best');
  expect(lines).toHaveLength(3);
  expect(lines.some((line) => line.includes(",'=noisy.png,"))).toBe(true);
  check();
}, 600_000);

test('pictures are compared with one of them, by a line and by their difference', async (context) => {
  const { page, check } = await open(context, built, { search: '?side=difference&gain=4' });
  const clean = await writeWaves('reference.png', 0, [0.1, 0.02]);
  const noisy = await writeWaves('noisier.png', 0.1, [0.1, 0.02]);
  await page.setInputFiles('#file', clean);
  await page.getByText('Compare', { exact: true }).click();
  await page.getByText('Add a picture to compare with this one.').waitFor();
  await page.setInputFiles('#file', [
    noisy,
    await writeWaves('same.png', 0, [0.1, 0.02]),
    await writeNoisy(path, 0.07, 'small'),
  ]);
  const rows = await ranking(page);
  const {
    psnr,
    ssim,
    'ms-ssim': scales,
  } = await compare(noisy, clean, {
    metrics: ['psnr', 'ssim', 'ms-ssim'],
  });
  expect(rows).toEqual([
    ['1', 'same.png', '∞', '1.0000', '1.0000'],
    ['2', 'noisier.png', psnr?.toFixed(2), ssim?.toFixed(4), scales?.toFixed(4)],
  ]);
  expect(await page.textContent('#facts')).toBe(
    `PSNR ${psnr?.toFixed(2)} dB, SSIM ${ssim?.toFixed(4)}, MS-SSIM ${scales?.toFixed(4)}. Higher is closer to the reference.`,
  );
  // Four times the difference stands on the right.
  const pixels = (canvas: 'before' | 'after') => () =>
    page.evaluate(`[...${canvas}.getContext('2d').getImageData(100, 100, 4, 1).data]`);
  const [left, right] = [await pixelsOf(clean), await pixelsOf(noisy)];
  const difference = left.map((value, i) =>
    i % 4 === 3 ? 255 : Math.min(255, 4 * Math.abs(value - (right[i] ?? 0))),
  );
  await expect.poll(pixels('after')).toEqual(difference);
  expect(await pixels('before')()).toEqual(left);
  await page.locator('label:has(input[name=side][value=picture])').click();
  await expect.poll(pixels('after')).toEqual(right);
  await expectOrder(page);
  await page.getByRole('button', { name: 'same.png' }).first().click();
  await page.getByText('Both pictures are equal, pixel by pixel.').waitFor();
  await page.getByRole('button', { name: 'small.png, failed' }).click();
  expect(await page.textContent('#problem-text')).toMatch(
    /^This picture has \d+ × \d+ pixels and the reference has 224 × 208/,
  );
  await page.selectOption('#reference', { label: 'noisier.png' });
  expect((await ranking(page)).map(([, name]) => name)).toEqual(['reference.png', 'same.png']);
  check();
}, 600_000);
