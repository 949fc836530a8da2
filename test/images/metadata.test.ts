import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture, writePicture } from '#src/images/index.js';
import { draw, samples, temporaryFolder } from './drawing.js';

const { path } = temporaryFolder();
const extensions = ['jpg', 'png', 'webp', 'tif', 'avif'];
const camera = { make: 'Testwerke', model: 'T 1', iso: 800, exposureTime: 1 / 250, fNumber: 2.8 };
const xmp = (orientation: number) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:tiff="t" tiff:Orientation="${orientation}"><b>Grüße</b></x:xmpmeta>`;

/** As a camera held sideways writes it: Display P3, EXIF with the position, XMP, 240 pixels per inch. */
function photograph(): Promise<Buffer> {
  return draw(24, 16, 3, samples(24 * 16 * 3, 8))
    .withMetadata({ orientation: 6, density: 240, icc: 'p3' })
    .withExifMerge({
      IFD0: { Make: 'Testwerke', Model: 'T 1', Copyright: 'T. Ester' },
      IFD2: { ISOSpeedRatings: '800', ExposureTime: '1/250', FNumber: '28/10', PixelXDimension: '24' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .withXmp(xmp(6))
    .jpeg()
    .toBuffer();
}

describe('metadata', () => {
  it.each(extensions)('is kept in a .%s file', async (extension) => {
    const original = await readPicture(await photograph());
    const file = path(`photo.${extension}`);
    await writePicture(file, original);
    const back = await readPicture(file);
    expect([back.width, back.height]).toEqual([16, 24]);
    expect(Uint8Array.from(back.metadata.icc ?? [])).toEqual(Uint8Array.from(original.metadata.icc ?? []));
    expect(Buffer.from(back.metadata.xmp ?? []).toString()).toBe(xmp(1));
    expect(back.metadata.density?.x).toBeCloseTo(240, 0);
    expect(back.metadata.density?.y).toBeCloseTo(240, 0);
    expect(await describePicture(file)).toMatchObject({ profile: 'sP3C', camera });
    expect([undefined, 1]).toContain((await sharp(file).metadata()).orientation);
    const exif = Buffer.from(back.metadata.exif ?? []).toString('latin1');
    expect(exif).toContain('T. Ester');
  });

  it.each(extensions)('goes from .%s by way of TIFF to JPEG', async (extension) => {
    await writePicture(path(`way.${extension}`), await readPicture(await photograph()), { overwrite: true });
    await writePicture(path(`way-${extension}.tiff`), await readPicture(path(`way.${extension}`)));
    await writePicture(path(`way-${extension}.jpg`), await readPicture(path(`way-${extension}.tiff`)));
    expect((await describePicture(path(`way-${extension}.jpg`))).camera).toEqual(camera);
    const exif = (await sharp(path(`way-${extension}.jpg`)).metadata()).exif;
    const position = Buffer.alloc(8);
    position.writeUInt32LE(51, 0);
    position.writeUInt32LE(1, 4);
    expect(exif?.includes(position)).toBe(true);
  });

  it('is not invented', async () => {
    const plain = await readPicture(await draw(4, 4, 3, samples(48, 8)).jpeg().toBuffer());
    expect(plain.metadata).toEqual({});
    for (const extension of extensions) {
      await writePicture(path(`plain.${extension}`), plain);
      const back = await readPicture(path(`plain.${extension}`));
      expect(Object.keys(back.metadata), extension).toEqual([]);
    }
  });

  it('names no density that the file did not', async () => {
    const drawing = draw(4, 4, 3, samples(48, 8)).withExif({ IFD0: { Make: 'Testwerke' } });
    const { metadata } = await readPicture(await drawing.withDensity(72).jpeg().toBuffer());
    expect(Object.keys(metadata)).toEqual(['exif']);
    for (const extension of extensions) {
      const picture = await readPicture(await drawing.png().toBuffer());
      await writePicture(path(`no-density.${extension}`), { ...picture, metadata });
      const back = await readPicture(path(`no-density.${extension}`));
      expect(Object.keys(back.metadata), extension).toEqual(['exif']);
    }
  });

  it('survives nonsense in place of a profile, EXIF and XMP', async () => {
    const nonsense = Uint8Array.from({ length: 300 }, (_, i) => (i * 37 + 11) % 256);
    const endless = Uint8Array.from(Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1'));
    const picture = await readPicture(await draw(4, 4, 3, samples(48, 8)).png().toBuffer());
    for (const extension of extensions) {
      for (const exif of [nonsense, endless]) {
        const file = path(`nonsense.${extension}`);
        await writePicture(
          file,
          { ...picture, metadata: { icc: nonsense, exif, xmp: nonsense } },
          { overwrite: true },
        );
        expect(await describePicture(file)).toMatchObject({ width: 4, camera: {} });
      }
    }
  });

  it('gives a grey picture no profile that is for colours', async () => {
    const colour = await readPicture(await photograph());
    const grey = { ...colour, channels: 1 as const, data: colour.data.subarray(0, 16 * 24) };
    for (const extension of extensions) {
      await writePicture(path(`grey.${extension}`), grey);
      const back = await readPicture(path(`grey.${extension}`));
      expect(back.metadata.icc, extension).toBeUndefined();
    }
  });
});
