import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture, writePicture } from '#src/images/index.js';
import { type Bands, draw, integersOf, samples, temporaryFolder } from './drawing.js';

const { path, write } = temporaryFolder();

describe('readPicture', () => {
  const depths = [8, 16] as const;
  const kinds = ['png', 'tiff'] as const;
  const bandCounts: readonly Bands[] = [1, 2, 3, 4];
  const cases = kinds.flatMap((kind) =>
    depths.flatMap((depth) => bandCounts.map((bands) => ({ kind, depth, bands }))),
  );

  it.each(cases)('reads $kind of $depth bits and $bands bands exactly', async ({ kind, depth, bands }) => {
    const values = samples(13 * 9 * bands, depth);
    const picture = await readPicture(
      await draw(13, 9, bands, values)
        .toFormat(kind, kind === 'tiff' ? { compression: 'lzw' } : {})
        .toBuffer(),
    );
    expect(picture).toMatchObject({
      width: 13,
      height: 9,
      channels: bands < 3 ? 1 : 3,
      bitDepth: depth,
      format: kind,
    });
    expect(picture.alpha?.constructor).toBe(bands % 2 === 1 ? undefined : values.constructor);
    expect(integersOf(picture)).toEqual([...values]);
  });

  it.each([
    ['1×1', 1, 1],
    ['7×3', 7, 3],
  ])('reads a picture of %s', async (_, width, height) => {
    const values = samples(width * height * 3, 8);
    expect(integersOf(await readPicture(await draw(width, height, 3, values).png().toBuffer()))).toEqual([
      ...values,
    ]);
  });

  it('lays the channels out one after the other', async () => {
    const picture = await readPicture(
      await draw(2, 1, 3, Uint8Array.of(0, 51, 102, 153, 204, 255))
        .png()
        .toBuffer(),
    );
    expect([...picture.data].map((value) => Math.round(value * 5))).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('reads lossless WebP and AVIF exactly, from a file', async () => {
    const values = samples(32 * 16 * 4, 8);
    const webp = await write(
      'a.webp',
      await draw(32, 16, 4, values).webp({ lossless: true, exact: true }).toBuffer(),
    );
    const avif = await write('a.avif', await draw(32, 16, 4, values).avif({ lossless: true }).toBuffer());
    expect(integersOf(await readPicture(webp))).toEqual([...values]);
    expect(integersOf(await readPicture(avif))).toEqual([...values]);
    expect((await readPicture(avif)).format).toBe('avif');
  });

  it('gives white as 1 for AVIF of 10 bits', async () => {
    const values = new Uint16Array(16 * 16 * 3).fill(65_535);
    const file = await draw(16, 16, 3, values).avif({ bitdepth: 10, lossless: true }).toBuffer();
    const picture = await readPicture(file);
    expect(picture.bitDepth).toBe(16);
    expect(new Set(picture.data)).toEqual(new Set([1]));
  });

  it('keeps a grey JPEG grey', async () => {
    const picture = await readPicture(await draw(16, 16, 1, new Uint8Array(256).fill(77)).jpeg().toBuffer());
    expect(picture.channels).toBe(1);
    expect(new Set(integersOf(picture))).toEqual(new Set([77]));
  });

  it('turns a palette into colours', async () => {
    const values = Uint8Array.from({ length: 64 * 3 }, (_, i) => (i % 2 === 0 ? 255 : 0));
    const file = await draw(8, 8, 3, values).png({ palette: true, colours: 4 }).toBuffer();
    expect((await sharp(file).metadata()).isPalette).toBe(true);
    expect(integersOf(await readPicture(file))).toEqual([...values]);
  });

  it('does not convert the pixels to another colour space', async () => {
    const values = samples(10 * 10 * 3, 16);
    const tagged = await draw(10, 10, 3, values).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(tagged, { ignoreIcc: true })
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer();
    const picture = await readPicture(tagged);
    expect(picture.metadata.icc?.length).toBeGreaterThan(100);
    expect(integersOf(picture)).toEqual([...new Uint16Array(Uint8Array.from(stored).buffer)]);
  });

  // Where the top left pixel of a picture that is shown upright lies in the file.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('applies orientation %i', async (orientation) => {
    const upright = samples(6 * 4 * 3, 8);
    const turned = await sharp(await storedFor(upright, 6, 4, orientation))
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const picture = await readPicture(turned);
    expect([picture.width, picture.height]).toEqual([6, 4]);
    expect(integersOf(picture)).toEqual([...upright]);
    await writePicture(path('upright.jpg'), picture, { overwrite: true });
    expect((await sharp(path('upright.jpg')).metadata()).orientation).toBe(1);
  });

  it.each(['jpeg', 'webp', 'tiff', 'avif'] as const)('turns a %s file upright, once', async (kind) => {
    const values = Uint8Array.from({ length: 32 * 16 * 3 }, (_, i) =>
      Math.floor(i / 3) % 32 < 16 ? 20 : 230,
    );
    const stored = await sharp(await storedFor(values, 32, 16, 6))
      .withMetadata({ orientation: 6 })
      .toFormat(kind, { quality: 95 })
      .toBuffer();
    const picture = await readPicture(stored);
    expect([picture.width, picture.height]).toEqual([32, 16]);
    expect(
      Math.max(...integersOf(picture).map((value, i) => Math.abs(value - (values[i] ?? 0)))),
    ).toBeLessThan(60);
    await writePicture(path('again.png'), picture, { overwrite: true });
    expect((await readPicture(path('again.png'))).data).toEqual(picture.data);
  });
});

/** The picture as a camera held sideways stores it: the inverse of what the orientation asks a viewer to do. */
async function storedFor(
  upright: Uint8Array | Uint16Array,
  width: number,
  height: number,
  orientation: number,
): Promise<Buffer> {
  const pixel = (x: number, y: number) => [...upright.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  const swapped = orientation >= 5;
  const [storedWidth, storedHeight] = swapped ? [height, width] : [width, height];
  const values: number[] = [];
  for (let row = 0; row < storedHeight; row++) {
    for (let column = 0; column < storedWidth; column++) {
      const right = width - 1;
      const bottom = height - 1;
      // EXIF: which side of the upright picture row 0 and column 0 of the stored one are.
      const places: readonly (readonly [number, number])[] = [
        [column, row],
        [right - column, row],
        [right - column, bottom - row],
        [column, bottom - row],
        [row, column],
        [right - row, column],
        [right - row, bottom - column],
        [row, bottom - column],
      ];
      const [x, y] = places[orientation - 1] ?? [0, 0];
      values.push(...pixel(x, y));
    }
  }
  return draw(storedWidth, storedHeight, 3, Uint8Array.from(values)).png().toBuffer();
}

describe('describePicture', () => {
  it('tells size, depth, profile and camera from the header', async () => {
    const file = await draw(12, 8, 3, samples(12 * 8 * 3, 8))
      .withMetadata({ orientation: 6, icc: 'p3' })
      .withExifMerge({
        IFD0: { Make: 'Testwerke', Model: 'T 1' },
        IFD2: { ISOSpeedRatings: '800', ExposureTime: '1/250', FNumber: '28/10', FocalLength: '35/1' },
      })
      .jpeg()
      .toBuffer();
    expect(await describePicture(await write('camera.jpg', file))).toEqual({
      format: 'jpeg',
      width: 8,
      height: 12,
      channels: 3,
      hasAlpha: false,
      bitDepth: 8,
      fileSize: file.length,
      profile: 'sP3C',
      camera: {
        make: 'Testwerke',
        model: 'T 1',
        iso: 800,
        exposureTime: 1 / 250,
        fNumber: 2.8,
        focalLength: 35,
      },
    });
  });

  it('leaves out what the file does not say', async () => {
    const file = await draw(5, 4, 2, samples(40, 16)).png().toBuffer();
    expect(await describePicture(file)).toEqual({
      format: 'png',
      width: 5,
      height: 4,
      channels: 1,
      hasAlpha: true,
      bitDepth: 16,
      fileSize: file.length,
      camera: {},
    });
  });
});
