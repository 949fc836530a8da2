import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parseExif } from '#src/images/exif-directory.js';
import { numbersOf } from '#src/images/exif-fields.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { countsOfShape } from '#src/images/pixel-shape.js';
import { draw, samples, temporaryFolder } from './drawing.js';
import { exifOf, jpegWith, pngWith } from './metadata-drawing.js';

const { path } = temporaryFolder();
const drawing = () => draw(12, 8, 3, samples(12 * 8 * 3, 8));
const chunk = (x: number, y: number, unit: number) => {
  const data = Buffer.alloc(9);
  data.writeUInt32BE(x, 0);
  data.writeUInt32BE(y, 4);
  data[8] = unit;
  return ['pHYs', data] as const;
};

describe('density', () => {
  it('turns with the picture, in its EXIF too', async () => {
    const density = Buffer.alloc(16);
    for (const [i, value] of [300, 1, 150, 1].entries()) density.writeUInt32LE(value, 4 * i);
    const exif = exifOf(
      [
        [0x0112, 3, 1, 6],
        [0x011a, 5, 1, 10 + 12 * 4 + 4],
        [0x011b, 5, 1, 10 + 12 * 4 + 4 + 8],
        [0x0128, 3, 1, 2],
      ],
      { data: density },
    );
    const file = jpegWith(await drawing().jpeg().toBuffer(), [
      0xe1,
      Buffer.concat([Buffer.from('Exif\0\0'), exif]),
    ]);
    const { width, metadata } = await readPicture(file);
    expect([width, metadata.density]).toEqual([8, { x: 150, y: 300 }]);
    const fields = parseExif(metadata.exif ?? new Uint8Array())?.fields;
    const said = [0x011a, 0x011b]
      .map((tag) => fields?.get(tag))
      .flatMap((field) => field && numbersOf(field));
    expect(said).toEqual([150, 300]);
  });

  it('without a unit is the shape of pixels, kept where the format says it, else told', async () => {
    const file = pngWith(await drawing().png().toBuffer(), chunk(15, 16, 0));
    const picture = await readPicture(file);
    expect(picture.metadata.pixelShape).toBeCloseTo(16 / 15, 6);
    for (const extension of ['jpg', 'png', 'tif']) {
      expect(await writePicture(path(`shape.${extension}`), picture)).toEqual([]);
      const { metadata } = await readPicture(path(`shape.${extension}`));
      expect([metadata.density, metadata.pixelShape?.toFixed(3)], extension).toEqual([undefined, '1.067']);
    }
    const lying = await sharp(file).withMetadata({ orientation: 6 }).png().toBuffer();
    const turned = await readPicture(pngWith(lying, chunk(15, 16, 0)));
    expect(turned.metadata.pixelShape).toBeCloseTo(15 / 16, 6);
    expect(await writePicture(path('shape.webp'), picture)).toEqual(['the shape of its pixels']);
  });

  it('of square pixels without a unit is none', async () => {
    const picture = await readPicture(pngWith(await drawing().png().toBuffer(), chunk(7, 7, 0)));
    expect(picture.metadata).toEqual({});
  });

  it('of any shape has whole numbers', () => {
    expect(countsOfShape(16 / 15, 65_535)).toEqual({ x: 15, y: 16 });
    expect(countsOfShape(1.094_9, 65_535)).toMatchObject({ x: expect.any(Number) });
    expect(countsOfShape(1e9, 65_535)).toBeUndefined();
  });
});
