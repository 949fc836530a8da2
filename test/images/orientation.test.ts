import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readPicture, writePicture } from '#src/images/index.js';
import { draw, integersOf, samples, temporaryFolder } from './drawing.js';
import { exifOf, jpegWith, pngWith } from './metadata-drawing.js';

const { path } = temporaryFolder();
const size = [12, 7] as const;
const drawing = () => draw(...size, 3, samples(12 * 7 * 3, 8));
const exifSegment = (exif: Uint8Array) => [0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif])] as const;
const tag = 0x0112;

describe('orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is turned as others turn it', async (orientation) => {
    for (const bands of [1, 3, 4] as const) {
      const values = samples(12 * 7 * bands, 8);
      const file = await draw(...size, bands, values)
        .withMetadata({ orientation })
        .png()
        .toBuffer();
      const { data, info } = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
      const picture = await readPicture(file);
      expect([picture.width, picture.height]).toEqual([info.width, info.height]);
      expect(integersOf(picture)).toEqual([...data]);
    }
  });

  it('that the XMP alone says, or an EXIF in a text of a PNG file, is taken', async () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>';
    const block = Buffer.concat([Buffer.from('Exif\0\0'), exifOf([[tag, 3, 1, 6]])]);
    const digits = block.toString('hex').replaceAll(/.{72}/g, '$&\n');
    const text = (kind: string) =>
      [
        'tEXt',
        Buffer.from(`Raw profile type ${kind}\0\n${kind}\n${String(block.length).padStart(8)}\n${digits}\n`),
      ] as const;
    const png = await drawing().png().toBuffer();
    const files = [
      pngWith(png, ['iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)]),
      pngWith(png, text('exif')),
      pngWith(png, text('APP1')),
      jpegWith(await drawing().jpeg().toBuffer(), [
        0xe1,
        Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`),
      ]),
    ];
    for (const file of files) {
      const picture = await readPicture(file);
      expect([picture.width, picture.height]).toEqual([7, 12]);
      await writePicture(path('upright.png'), picture, { overwrite: true });
      const again = await readPicture(path('upright.png'));
      expect([again.width, again.height, again.metadata.texts, again.metadata.lost]).toEqual([
        7,
        12,
        undefined,
        undefined,
      ]);
    }
    // What the EXIF says goes first.
    const both = pngWith(
      png,
      ['iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)],
      ['eXIf', exifOf([[tag, 3, 1, 1]])],
    );
    const { width, metadata } = await readPicture(both);
    expect(width).toBe(12);
    expect(Buffer.from(metadata.xmp ?? []).toString()).toContain('tiff:Orientation="1"');
  });

  const sixes = [
    ['a short', [[tag, 3, 1, 6]]],
    ['a long', [[tag, 4, 1, 6]]],
    ['a byte', [[tag, 1, 1, 6]]],
    [
      'two entries',
      [
        [tag, 3, 1, 6],
        [tag, 3, 1, 6],
      ],
    ],
    [
      'two that disagree',
      [
        [tag, 3, 1, 6],
        [tag, 4, 1, 3],
      ],
    ],
    [
      'nonsense, then a short',
      [
        [tag, 4, 1, 77],
        [tag, 3, 1, 6],
      ],
    ],
  ] as const;

  it.each(sixes.flatMap(([what, entries]) => [true, false].map((little) => ({ what, entries, little }))))(
    'as $what (little-endian: $little) is never both turned and tagged',
    async ({ entries, little }) => {
      for (const next of [true, false]) {
        const exif = exifOf(entries, { little, next });
        const files = [
          jpegWith(await drawing().jpeg().toBuffer(), exifSegment(exif)),
          pngWith(await drawing().png().toBuffer(), ['eXIf', exif]),
        ];
        for (const file of files) {
          const picture = await readPicture(file);
          expect([picture.width, picture.height]).toEqual([7, 12]);
          for (const extension of ['jpg', 'png', 'webp', 'avif', 'tif']) {
            const result = path(`turned.${extension}`);
            await writePicture(result, picture, { overwrite: true });
            const again = await readPicture(result);
            expect([again.width, again.height], extension).toEqual([7, 12]);
            expect((await sharp(result).metadata()).orientation ?? 1, extension).toBe(1);
          }
        }
      }
    },
  );

  it('of a TIFF file, as a long', async () => {
    const file = await drawing().withMetadata({ orientation: 6 }).tiff().toBuffer();
    expect(await readPicture(file)).toMatchObject({ width: 7, height: 12 });
    const at = file.readUInt32LE(4);
    for (let i = 0; i < file.readUInt16LE(at); i++) {
      const entry = at + 2 + 12 * i;
      if (file.readUInt16LE(entry) === tag) file.writeUInt16LE(4, entry + 2);
    }
    expect(await readPicture(file)).toMatchObject({ width: 7, height: 12 });
  });
});
