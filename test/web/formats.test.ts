import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { init as openEncoder, default as encodeJxl } from '@jsquash/jxl/encode.js';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readPicture, writePicture } from '#src/images/index.js';
import { type Picture, quantize } from '#src/pixels/index.js';
import { temporaryFolder } from '../weights/files.js';
import { builtPage, libraryPage } from './built-page.js';
import { pages, root } from './chromium.js';

const path = temporaryFolder();
const open = pages();
const library = libraryPage();
const built = builtPage();

const [width, height] = [61, 43];

/** Values of so many bands, without a pattern that hides a mistake. */
const valuesOf = (bands: number): Uint16Array =>
  Uint16Array.from({ length: width * height * bands }, (_, i) => (i * 40_503 + (i >>> 5) * 977) % 65_536);

/** A picture of so many bands and bits, and what a camera says of it. */
function drawn(bands: 1 | 2 | 3 | 4, bits: 8 | 16) {
  const deep = valuesOf(bands);
  const values = bits === 16 ? deep : Uint8Array.from(deep, (value) => value >>> 8);
  const space = bits === 16 ? (bands < 3 ? 'grey16' : 'rgb16') : bands < 3 ? 'b-w' : 'srgb';
  return sharp(values, { raw: { width, height, channels: bands } }).toColourspace(space);
}

const exif = {
  IFD0: { Make: 'Testwerke', Model: 'T 1' },
  IFD2: { DateTimeOriginal: '2026:05:01 12:00:00' },
};

/** A JPEG file of Display P3, with what a camera notes. */
const described = (): Promise<Buffer> =>
  drawn(3, 8).withIccProfile('p3', { attach: true }).withExifMerge(exif).jpeg().toBuffer();

/** TIFF files of all kinds that a page opens. */
const tiffs = {
  'rgb, 8 bits, LZW': drawn(3, 8).tiff({ compression: 'lzw' }),
  'rgb, 16 bits, deflate with a predictor': drawn(3, 16).tiff({
    compression: 'deflate',
    predictor: 'horizontal',
  }),
  'opacity, 16 bits, plain': drawn(4, 16).tiff({ compression: 'none' }),
  'opacity, 8 bits, tiles': drawn(4, 8).tiff({
    compression: 'packbits',
    tile: true,
    tileWidth: 32,
    tileHeight: 16,
  }),
  'grey, 16 bits': drawn(1, 16).tiff({ compression: 'lzw' }),
  'grey with opacity': drawn(2, 8).tiff({ compression: 'deflate' }),
  'black on white': drawn(1, 8).tiff({ compression: 'lzw', miniswhite: true }),
  'big offsets': drawn(3, 8).tiff({ bigtiff: true, compression: 'lzw' }),
  'on its side': drawn(3, 16).withMetadata({ orientation: 6 }).tiff({ compression: 'lzw' }),
};

type Browser = Awaited<ReturnType<typeof open>>;

/** What a page makes of a file: its pixels and what is said of them, or the line that says why not. */
async function decoded({ page }: Browser, bytes: Buffer) {
  const told: {
    readonly width: number;
    readonly height: number;
    readonly deep: boolean;
    readonly data: number[];
    readonly format: string;
    readonly icc: number[] | undefined;
    readonly exif: number[] | undefined;
    readonly size: object;
    readonly error?: string;
    readonly code?: string;
  } = await page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (letter) => letter.charCodeAt(0));
    try {
      const file = new Blob([bytes]);
      const size = await library.sizeOfFile(file);
      const { data, metadata, ...others } = await library.decodeImage(file);
      const list = (some) => some && [...some];
      return { ...others, size, deep: data instanceof Uint16Array, data: [...data], icc: list(metadata.icc), exif: list(metadata.exif) };
    } catch (error) {
      return { error: error.message, code: error.code };
    }
  })()`);
  return told;
}

/** The values that a page has of a picture that Node has read. */
function valuesOfNode(node: Picture): number[] {
  const samples = quantize(node, node.bitDepth);
  const bands = node.alpha === undefined ? node.channels : node.channels + 1;
  return Array.from({ length: 4 * node.width * node.height }, (_, i) => {
    const pixel = Math.floor(i / 4);
    if (i % 4 === 3) return node.alpha?.[pixel] ?? 2 ** node.bitDepth - 1;
    return samples[pixel * bands + (node.channels === 1 ? 0 : i % 4)] ?? 0;
  });
}

const farthest = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? 0))), 0);

test('TIFF files have the values that Node reads, upright, and keep what is said beside them', async (context) => {
  const browser = await open(context, library);
  for (const [name, made] of Object.entries(tiffs)) {
    const bytes = await made.toBuffer();
    await writeFile(path('some.tiff'), bytes);
    const [page, node] = [await decoded(browser, bytes), await readPicture(path('some.tiff'))];
    expect(page.error, name).toBeUndefined();
    expect([page.width, page.height, page.format], name).toEqual([node.width, node.height, 'tiff']);
    expect(page.size, name).toEqual({ width, height });
    expect(page.deep ? 16 : 8, name).toBe(node.bitDepth);
    const expected = valuesOfNode(node);
    expect(page.data, name).toEqual(expected);
  }
  await writeFile(path('described.jpeg'), await described());
  const given = await readPicture(path('described.jpeg'));
  await writePicture(path('described.tiff'), given);
  const page = await decoded(browser, await readFile(path('described.tiff')));
  const { icc, exif } = (await readPicture(path('described.tiff'))).metadata;
  expect(exif?.length).toBeGreaterThan(60);
  expect(page.exif).toEqual([...(exif ?? [])]);
  expect(page.icc).toEqual([...(icc ?? [])]);
  browser.check();
}, 600_000);

/** The drawing of the fixtures: blocks of 8 × 8 pixels. */
function blocks(opaque: boolean): number[] {
  return Array.from({ length: 64 * 64 * 4 }, (_, i) => {
    const pixel = Math.floor(i / 4);
    const [a, b] = [Math.floor((pixel % 64) / 8), Math.floor(pixel / 64 / 8)];
    return [30 * a + 10, 20 * b + 20, (a + b) % 2 === 1 ? 200 : 40, opaque ? 255 : 255 - 30 * b][i % 4] ?? 0;
  });
}

const fixture = (name: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../fixtures/heic/${name}`, import.meta.url)));

async function jxlOf(data: readonly number[]): Promise<Buffer> {
  const wasm = await readFile(`${root}node_modules/@jsquash/jxl/codec/enc/jxl_enc.wasm`);
  await openEncoder(new WebAssembly.Module(new Uint8Array(wasm)));
  const image = { data: Uint8ClampedArray.from(data), width: 64, height: 64, colorSpace: 'srgb' } as const;
  return Buffer.from(await encodeJxl(image, { lossless: true }));
}

test('JPEG data in TIFF files are decoded as Node does, but for the colours of edges', async (context) => {
  const browser = await open(context, library);
  const smooth = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => 128 + 90 * Math.sin(i / 97));
  const picture = sharp(smooth, { raw: { width: 64, height: 48, channels: 3 } });
  for (const quality of [60, 95]) {
    const bytes = await picture.clone().tiff({ compression: 'jpeg', quality }).toBuffer();
    await writeFile(path('jpeg.tiff'), bytes);
    const [page, node] = [await decoded(browser, bytes), await readPicture(path('jpeg.tiff'))];
    expect(farthest(page.data, valuesOfNode(node))).toBeLessThanOrEqual(8);
  }
  browser.check();
}, 600_000);

test('HEIC and JPEG XL files have their pixels, opacity, profile and EXIF', async (context) => {
  const browser = await open(context, library);
  const wide = await decoded(browser, await fixture('described.heic'));
  expect(wide).toMatchObject({ width: 64, height: 64, format: 'heic', size: { width: 64, height: 64 } });
  const p3 = sharp(Uint8Array.from(blocks(true)), { raw: { width: 64, height: 64, channels: 4 } });
  await p3.removeAlpha().withIccProfile('p3', { attach: true }).png().toFile(path('p3.png'));
  const node = await readPicture(path('p3.png'));
  // A JPEG file lay between.
  expect(farthest(wide.data, valuesOfNode(node))).toBeLessThanOrEqual(4);
  expect(wide.icc).toEqual([...(node.metadata.icc ?? [])]);
  expect(Buffer.from(wide.exif ?? []).toString('latin1')).toMatch(/Testwerke.*2026:05:01 12:00:00/s);
  const half = await decoded(browser, await fixture('opacity.heic'));
  expect(farthest(half.data, blocks(false))).toBeLessThanOrEqual(1);

  for (const opaque of [true, false]) {
    const jxl = await decoded(browser, await jxlOf(blocks(opaque)));
    expect(jxl).toMatchObject({ width: 64, height: 64, format: 'jxl', size: { width: 64, height: 64 } });
    expect(jxl.data).toEqual(blocks(opaque));
  }
  const box = (kind: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + data.length);
    return Buffer.concat([head.fill(kind, 4, 8, 'latin1'), data]);
  };
  const { exif: said = Buffer.alloc(0) } = await sharp(await described()).metadata();
  const boxed = await decoded(
    browser,
    Buffer.concat([
      box('JXL ', Buffer.from('\r\n\x87\n', 'latin1')),
      box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1')),
      box('Exif', Buffer.concat([Buffer.alloc(4), said.subarray(6)])),
      box('jxlc', await jxlOf(blocks(true))),
    ]),
  );
  expect(boxed).toMatchObject({ data: blocks(true), size: { width: 64, height: 64 } });
  expect(Buffer.from(boxed.exif ?? []).toString('latin1')).toMatch(/Testwerke/);
  browser.check();
}, 600_000);

test('the colour profile and EXIF of AVIF files are those that Node keeps', async (context) => {
  const browser = await open(context, library);
  const bytes = await drawn(3, 8)
    .withIccProfile('p3', { attach: true })
    .withExifMerge(exif)
    .avif({ effort: 0 })
    .toBuffer();
  await writeFile(path('some.avif'), bytes);
  const [page, { metadata }] = [await decoded(browser, bytes), await readPicture(path('some.avif'))];
  expect(page.icc).toEqual([...(metadata.icc ?? [])]);
  expect(metadata.exif?.length).toBeGreaterThan(60);
  expect(page.exif).toEqual([...(metadata.exif ?? [])]);
  browser.check();
}, 600_000);

test('a damaged file gives one line, whatever its kind', async (context) => {
  const browser = await open(context, library);
  const files = {
    TIFF: await drawn(3, 8).tiff({ compression: 'deflate' }).toBuffer(),
    'TIFF ': await drawn(3, 16).tiff({ compression: 'none' }).toBuffer(),
    HEIC: await fixture('opacity.heic'),
    'JPEG XL': await jxlOf(blocks(true)),
  };
  for (const [name, bytes] of Object.entries(files))
    for (const length of [16, 100, Math.floor(bytes.length / 2)]) {
      const { error, code } = await decoded(browser, bytes.subarray(0, length));
      expect(error, `${name}, ${length} bytes`).toBe(
        `the browser cannot open this file: it begins like a ${name.trim()} file, and is damaged or of a kind that is not known`,
      );
      expect(code).toBe('ERR_DAMAGED_IMAGE');
    }
  const cmyk = await drawn(3, 8).toColourspace('cmyk').tiff().toBuffer();
  expect((await decoded(browser, cmyk)).error).toBe(
    'TIFF files of other colours than grey, or red, green and blue are not opened in a page; use the command',
  );
  const huge = await jxlOf(blocks(true));
  // 30 bits for each side, all set.
  huge.fill(0xff, 2, 12).writeUInt8(0xfe, 2);
  expect((await decoded(browser, huge)).error).toMatch(
    /^this picture has \d+ megapixels, and 134 megapixels are the most/,
  );
  browser.check();
}, 600_000);

test('the page fetches what opens such files when the first of them comes, and shows them', async (context) => {
  const { page, check } = await open(context, built, { serviceWorker: false, search: '?task=score' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  page.context().on('request', (request) => asked.push(new URL(request.url()).pathname));
  const ofDecoders = (): readonly string[] =>
    [...new Set(asked)].filter((name) => name.includes('/decoders/'));
  const take = (name: string, buffer: Buffer) => page.setInputFiles('#file', { name, mimeType: '', buffer });
  const shown = (count: number) =>
    expect.poll(() => page.locator('.frame canvas[width="64"]').count(), { timeout: 240_000 }).toBe(count);
  const png = await sharp(Uint8Array.from(blocks(true)), { raw: { width: 64, height: 64, channels: 4 } })
    .png()
    .toBuffer();
  await take('a.png', png);
  await shown(1);
  expect(ofDecoders()).toEqual([]);
  await take('b.tif', await sharp(png).tiff().toBuffer());
  await shown(2);
  expect(ofDecoders().join()).toContain('geotiff');
  expect(ofDecoders().join()).not.toMatch(/libheif|jxl/);
  await take('c.heic', await fixture('described.heic'));
  await take('d.jxl', await jxlOf(blocks(true)));
  await shown(4);
  await take('e.heic', (await fixture('described.heic')).subarray(0, 700));
  await page.getByRole('button', { name: 'e.heic, failed' }).click();
  expect(await page.textContent('#problem-text')).toBe(
    'e.heic cannot be opened: it is damaged, or of a kind that is not known here.',
  );
  check();
}, 600_000);
