import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

/** A photograph that lies on its side, of Display P3, with what a camera notes. */
async function writePhotograph(name: string, format: 'jpeg' | 'png' | 'webp'): Promise<string> {
  const noisy = await readFile(await writeNoisy(path, 0.07, `noise-${format}`));
  const lying = await sharp(noisy)
    .withMetadata({ orientation: 6 })
    .withIccProfile('p3', { attach: true })
    .withExifMerge({
      IFD0: { Make: 'Testwerke', Model: 'T 1', Copyright: 'T. Ester' },
      IFD2: { ISOSpeedRatings: '800', DateTimeOriginal: '2026:05:01 12:00:00', PixelXDimension: '144' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .toFormat(format, { quality: 95 })
    .toBuffer();
  await writeFile(path(name), lying);
  return path(name);
}

test('the colour profile and EXIF are those of the command, byte by byte, and pictures stand upright', async (context) => {
  const { page, check } = await open(context, built, { serviceWorker: false });
  await using denoiser = await openDenoiser({ device: 'cpu' });
  for (const from of ['jpeg', 'png', 'webp'] as const) {
    const file = await writePhotograph(`photo.${from}`, from);
    if (await page.locator('#clear, .remove').first().isVisible())
      await page.locator('.remove').first().click();
    await page.setInputFiles('#file', file);
    await page.locator('#save:enabled, #problem:not([hidden])').first().waitFor();
    const { picture } = await denoiser.removal(file);
    expect([picture.width, picture.height], 'upright').toEqual([112, 144]);
    for (const to of ['png', 'jpeg', 'webp'] as const) {
      await page.selectOption('#format', to);
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
      await download.saveAs(path(`page.${to}`));
      await writePicture(path(`node.${to}`), picture, { overwrite: true });
      const [made, expected] = [await readPicture(path(`page.${to}`)), await readPicture(path(`node.${to}`))];
      const told = `${from} to ${to}`;
      expect([made.width, made.height], told).toEqual([112, 144]);
      expect(made.metadata.icc?.length, told).toBeGreaterThan(400);
      expect(Buffer.from(made.metadata.icc ?? []), told).toEqual(Buffer.from(expected.metadata.icc ?? []));
      expect(made.metadata.exif?.length, told).toBeGreaterThan(100);
      expect(Buffer.from(made.metadata.exif ?? []), told).toEqual(Buffer.from(expected.metadata.exif ?? []));
      expect(made.metadata.lost ?? [], told).toEqual([]);
    }
  }
  check();
}, 600_000);
