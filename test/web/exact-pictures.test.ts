import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openDenoiser, openMeasure, upscale } from '#src/api/index.js';
import { readPicture } from '#src/images/index.js';
import { type Picture, quantize } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import { temporaryFolder } from '../weights/files.js';
import { pages } from './chromium.js';
import { libraryPage } from './built-page.js';

const path = temporaryFolder();
const open = pages();
const built = libraryPage();

/** Samples of 16 bits with noise, of so many bands, the last of which is opacity where there are 2 or 4; `light` times as bright. */
function samplesOf(width: number, height: number, bands: 1 | 2 | 3 | 4, light: number): Uint16Array {
  const random = createRandom(5);
  return Uint16Array.from({ length: width * height * bands }, (_, i) => {
    const pixel = Math.floor(i / bands);
    if (bands % 2 === 0 && i % bands === bands - 1) return (pixel * 7919) % 65_536;
    const drawn = 0.5 + 0.2 * Math.sin((pixel % width) / 9) * Math.cos(pixel / width / 11);
    return Math.round(light * 65_535 * Math.min(1, Math.max(0, drawn + 0.05 * random.normal())));
  });
}

interface Kind {
  readonly progressive?: boolean;
  readonly bits: 8 | 16;
  readonly size?: readonly [width: number, height: number];
  readonly light?: number;
}

async function writePng(name: string, bands: 1 | 2 | 3 | 4, how: Kind) {
  const [width, height] = how.size ?? [61, 43];
  const samples = samplesOf(width, height, bands, how.light ?? 1);
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

type Browser = Awaited<ReturnType<typeof open>>;

/** Decodes a file in the page, does something, and gives the PNG file of it. */
async function through({ page }: Browser, file: string, body: string): Promise<string> {
  const bytes = (await readFile(file)).toString('base64');
  const made: string = await page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (letter) => letter.charCodeAt(0));
    let image = await library.decodeImage(new Blob([bytes]));
    ${body}
    const written = new Uint8Array(await (await library.encodeImage(image, 'png')).arrayBuffer());
    return btoa(Array.from(written, (byte) => String.fromCharCode(byte)).join(''));
  })()`);
  await writeFile(path('made.png'), Buffer.from(made, 'base64'));
  return path('made.png');
}

/** How far values of 16 bits are from others. */
function farthest(one: Picture, other: Picture): number {
  const [a, b] = [quantize(one, 16), quantize(other, 16)];
  expect(a.length).toBe(b.length);
  let most = 0;
  for (const [i, value] of a.entries()) most = Math.max(most, Math.abs(value - (b[i] ?? 0)));
  return most;
}

test('PNG files of 16 bits and with opacity go through a page value by value, and are denoised to the values of Node', async (context) => {
  const browser = await open(context, built);
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
    const [given, back] = [await readPicture(file), await readPicture(await through(browser, file, ''))];
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
    browser,
    file,
    `const revela = await library.openRevela({ assets: 'engine/', threads: 1 });
     image = (await revela.denoise(image)).image;
     revela.close();`,
  );
  await using denoiser = await openDenoiser({ device: 'cpu' });
  const [ours, expected] = [await readPicture(denoised), (await denoiser.removal(file)).picture];
  expect(ours.bitDepth).toBe(16);
  // A four-thousandth of the range: rounding in WebAssembly and in Node differ by less than a value of 8 bits in sixteen.
  expect(farthest(ours, expected)).toBeLessThanOrEqual(16);
  browser.check();
}, 600_000);

test('dark pictures of 16 bits are denoised, enlarged and scored in the range of networks, as in Node', async (context) => {
  const browser = await open(context, built);
  const file = await writePng('dark.png', 3, { bits: 16, light: 0.02 });
  const given = await readPicture(file);
  const revela = "const revela = await library.openRevela({ assets: 'engine/', threads: 1 });";
  const inPage = async (work: string, opened = file) =>
    readPicture(await through(browser, opened, `${revela} ${work} revela.close();`));

  await using denoiser = await openDenoiser({ device: 'cpu' });
  const expected = (await denoiser.removal(file)).picture;
  expect(farthest(given, expected), 'there was noise').toBeGreaterThan(50);
  // Rounding, divided by the fifty times that the network sees the values larger.
  const denoised = await inPage(
    `const tops = [];
     const onTile = ({ data }) => tops.push(data.reduce((most, value, i) => i % 4 === 3 ? most : Math.max(most, value), 0));
     image = (await revela.denoise(image, { onTile })).image;
     if (tops.length === 0 || !(Math.max(...tops) < 8)) throw new Error(\`its tiles are too bright: \${tops}\`);`,
  );
  expect(farthest(denoised, expected)).toBeLessThanOrEqual(2);
  const mixed = await inPage(
    `const { layers, facts } = await revela.denoiseLayers(image);
     image = library.mixLayers(image, layers, { strength: facts.natural, luma: 100, chroma: 100, detail: 50 });`,
  );
  expect(farthest(mixed, expected)).toBeLessThanOrEqual(3);
  const enlarged = await inPage('image = (await revela.upscale(image, { scale: 2 })).image;');
  expect(farthest(enlarged, await upscale(file, { scale: 2, device: 'cpu' }))).toBeLessThanOrEqual(4);

  await using niqe = await openMeasure('niqe');
  const large = await writePng('large.png', 3, { bits: 16, light: 0.02, size: [208, 192] });
  const score = await niqe.score(large);
  await inPage(
    `const { scores } = await revela.score(image, { metrics: ['niqe'] });
     if (!(Math.abs(scores.niqe - ${score}) < 1e-6)) throw new Error(\`NIQE is \${scores.niqe}, not ${score}\`);`,
    large,
  );
  browser.check();
}, 600_000);
