import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { avifFacts } from '#src/images/avif-facts.js';
import { box } from '#src/images/boxes.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { tiffPages } from '#src/images/tiff-pages.js';
import { createRandom } from '#src/random.js';
import { draw, expectRefusal, integersOf, samples, temporaryFolder } from './drawing.js';

const { path } = temporaryFolder();
const values = samples(600 * 400 * 3, 8);
const drawing = () => draw(600, 400, 3, values);
const pyramid = (options: { readonly bigtiff?: boolean } = {}) =>
  drawing()
    .tiff({ compression: 'deflate', pyramid: true, tile: true, tileWidth: 128, tileHeight: 128, ...options })
    .toBuffer();

/** Where the directories of a file are. */
function directories(file: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = file.readUInt32LE(4); at > 0; at = file.readUInt32LE(at + 2 + 12 * file.readUInt16LE(at)))
    places.push(at);
  return places;
}

/** The file with another kind of picture in its nth directory. */
function withKind(file: Buffer, n: number, kind: number): Buffer {
  const changed = Buffer.from(file);
  const at = directories(file)[n] ?? 0;
  for (let i = 0, entry = at + 2; i < changed.readUInt16LE(at); i++, entry += 12)
    if (changed.readUInt16LE(entry) === 0x00fe) changed.writeUInt32LE(kind, entry + 8);
  return changed;
}

describe('smaller copies of a picture in its TIFF file', () => {
  it.each([false, true])('are no pages, and are told (BigTIFF: %s)', async (bigtiff) => {
    const file = await pyramid({ bigtiff });
    const { pages = 1 } = await sharp(file).metadata();
    expect(tiffPages(file)).toEqual({ pages: 1, reduced: pages - 1, masks: 0, firstIsNoPage: false });
    expect(pages).toBeGreaterThan(1);
    const picture = await readPicture(file);
    expect(Buffer.compare(Buffer.from(integersOf(picture).map(Math.round)), Buffer.from(values))).toBe(0);
    expect(await writePicture(path(`${bigtiff}.tif`), picture)).toEqual([
      'the smaller copies of the picture (overviews)',
    ]);
  });

  it('are told from masks, pages, and a file that begins with one', async () => {
    const file = await pyramid();
    expect((await readPicture(withKind(file, 1, 4))).metadata.lost).toContain(
      'the mask of what is transparent',
    );
    await expectRefusal(readPicture(withKind(file, 1, 2)), 'holds 2 pictures (an animation or pages)');
    const begins = Buffer.from(file);
    begins.writeUInt32LE(directories(file)[1] ?? 0, 4);
    await expectRefusal(readPicture(begins), 'begins with a smaller copy of its picture');
  });

  it('are counted in damaged files too, in a time', async () => {
    const file = await pyramid();
    const random = createRandom(3);
    for (let i = 0; i < 300; i++) {
      const changed = Buffer.from(file.subarray(0, 8 + random.integer(file.length - 8)));
      for (let j = 0; j < 20; j++) changed[4 + random.integer(changed.length - 4)] = random.integer(256);
      expect(tiffPages(changed)?.pages ?? 0).toBeLessThan(65_537);
    }
  });
});

describe('smaller copies of a picture in its AVIF file', () => {
  const bytes = (...numbers: readonly number[]) => Buffer.from(numbers);
  const long = (...numbers: readonly number[]) => bytes(...numbers.flatMap((n) => [0, 0, n >> 8, n & 255]));
  const item = (id: number) => box('infe', bytes(2, 0, 0, 0, 0, id, 0, 0), Buffer.from('av01\0'));
  const size = (width: number, height: number) => box('ispe', long(0, width, height));
  const file = (main: number, type = 'pymd') =>
    Buffer.concat([
      box('ftyp', Buffer.from('avif\0\0\0\0')),
      box(
        'meta',
        long(0),
        box('pitm', long(0), bytes(0, main)),
        box('iinf', long(0), bytes(0, 3), item(1), item(2), item(3)),
        box(
          'iprp',
          box('ipco', size(800, 600), size(400, 300), size(200, 150)),
          box('ipma', long(0, 3), bytes(0, 1, 1, 1, 0, 2, 1, 2, 0, 3, 1, 3)),
        ),
        box('grpl', box(type, long(0, 9, 3, 1, 2, 3))),
      ),
    ]);

  it('are no pages, where the main picture is the largest of the pyramid', () => {
    expect(avifFacts(file(1))).toMatchObject({
      copies: 2,
      lost: ['the smaller copies of the picture (a pyramid)'],
    });
    expect(avifFacts(file(2)).copies).toBe(0);
    expect(avifFacts(file(1, 'altr')).copies).toBe(0);
  });
});
