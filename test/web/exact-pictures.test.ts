import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { readPicture } from '#src/images/index.js';
import { quantize } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import { temporaryFolder } from '../weights/files.js';
import { pages } from './chromium.js';
import { libraryPage } from './library-page.js';

const path = temporaryFolder();
const open = pages();
const built = libraryPage();

/** Samples of 16 bits with noise, of so many bands, the last of which is opacity where there are 2 or 4. */
function samplesOf(width: number, height: number, bands: 1 | 2 | 3 | 4): Uint16Array {
  const random = createRandom(5);
  return Uint16Array.from({ length: width * height * bands }, (_, i) => {
    const pixel = Math.floor(i / bands);
    if (bands % 2 === 0 && i % bands === bands - 1) return (pixel * 7919) % 65_536;
    const drawn = 0.5 + 0.2 * Math.sin((pixel % width) / 9) * Math.cos(pixel / width / 11);
    return Math.round(65_535 * Math.min(1, Math.max(0, drawn + 0.05 * random.normal())));
  });
}

async function writePng(name: string, bands: 1 | 2 | 3 | 4, how: { progressive?: boolean; bits: 8 | 16 }) {
  const [width, height] = [61, 43];
  const samples = samplesOf(width, height, bands);
  const raw = { width, height, channels: bands } as const;
  const values = how.bits === 16 ? samples : Uint8Array.from(samples, (value) => value >>> 8);
  const space = how.bits === 16 ? (bands < 3 ? 'grey16' : 'rgb16') : bands < 3 ? 'b-w' : 'srgb';
  const file = path(name);
  await writeFile(
    file,
    await sharp(values, { raw })
      .toColourspace(space)
      .png({ progressive: how.progressive ?? false })
      .toBuffer(),
  );
  return file;
}

test('PNG files of 16 bits and with opacity go through a page value by value, and are denoised to the values of Node', async (context) => {
  const { page, check } = await open(context, built());
  /** Decodes a file in the page, does something, and gives the PNG file of it. */
  const through = async (file: string, body: string): Promise<string> => {
    const bytes = (await readFile(file)).toString('base64');
    const made: string = await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (letter) => letter.charCodeAt(0));
      let image = await library.decodeImage(new Blob([bytes]));
      ${body}
      const blob = await library.encodeImage(image, 'png');
      return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    })()`);
    await writeFile(path('made.png'), Buffer.from(made, 'base64'));
    return path('made.png');
  };
  const kinds = [
    ['rgb', 3, { bits: 16 }],
    ['rgba', 4, { bits: 16 }],
    ['grey', 1, { bits: 16 }],
    ['grey-alpha', 2, { bits: 16, progressive: true }],
    ['interlaced', 3, { bits: 16, progressive: true }],
    ['half-transparent', 4, { bits: 8 }],
    ['half-transparent-interlaced', 4, { bits: 8, progressive: true }],
  ] as const;
  for (const [name, bands, how] of kinds) {
    const file = await writePng(`${name}.png`, bands, how);
    const [given, back] = [await readPicture(file), await readPicture(await through(file, ''))];
    expect(back.bitDepth, name).toBe(how.bits);
    expect(given.bitDepth, name).toBe(how.bits);
    expect(back.alpha, name).toEqual(given.alpha);
    const area = given.width * given.height;
    // A page has no grey: three channels are equal.
    const own = back.data.subarray(0, given.data.length);
    expect(own, name).toEqual(given.data);
    expect(back.data.subarray(2 * area), name).toEqual(given.data.subarray(-area));
  }

  const file = path('rgb.png');
  const denoised = await through(
    file,
    `const revela = await library.openRevela({ assets: 'engine/', threads: 1 });
     image = (await revela.denoise(image)).image;
     revela.close();`,
  );
  await using denoiser = await openDenoiser({ device: 'cpu' });
  const [ours, expected] = [await readPicture(denoised), (await denoiser.removal(file)).picture];
  expect(ours.bitDepth).toBe(16);
  const [a, b] = [quantize(ours, 16), quantize(expected, 16)];
  let largest = 0;
  for (const [i, value] of a.entries()) largest = Math.max(largest, Math.abs(value - (b[i] ?? 0)));
  // A four-thousandth of the range: rounding in WebAssembly and in Node differ by less than a value of 8 bits in sixteen.
  expect(largest).toBeLessThanOrEqual(16);
  check();
}, 600_000);
