import { describe, expect, it } from 'vitest';
import { parseExif } from '#src/images/exif-directory.js';
import { numbersOf } from '#src/images/exif-fields.js';
import { describePicture, readPicture, rescaledMetadata, writePicture } from '#src/images/index.js';
import { draw, pictureOf, samples, temporaryFolder } from './drawing.js';
import { cameraExif, doublesField, exifOf, geoFields, jpegWith } from './metadata-drawing.js';

const { path } = temporaryFolder();

const drawing = () => draw(24, 16, 3, samples(24 * 16 * 3, 8));

const segment = (marker: number, start: string, ...parts: readonly Uint8Array[]) =>
  [marker, Buffer.concat([Buffer.from(start, 'latin1'), ...parts])] as const;

const jpeg = async (...segments: readonly (readonly [number, Uint8Array])[]) =>
  jpegWith(await drawing().jpeg().toBuffer(), ...segments);

describe("makers' notes", () => {
  const noteAt = (exif: Uint8Array | undefined): number | undefined =>
    exif === undefined ? undefined : parseExif(exif)?.children.get(0x8769)?.fields.get(0x927c)?.from;

  it.each([true, false])(
    'stay as far from the beginning in a TIFF file as in the EXIF (little-endian: %s)',
    async (little) => {
      const exif = cameraExif({ note: 500, little });
      const place = noteAt(exif);
      const file = path(`note-${little}.tif`);
      const picture = await readPicture(await jpeg(segment(0xe1, 'Exif\0\0', exif)));
      expect(await writePicture(file, picture)).toEqual([]);
      const { readFile } = await import('node:fs/promises');
      expect(noteAt(await readFile(file))).toBe(place);
      const back = await readPicture(file);
      expect(back.data).toEqual(picture.data);
      expect(noteAt(back.metadata.exif)).toBe(place);
      await writePicture(path(`note-${little}.jpg`), back);
      expect(noteAt((await readPicture(path(`note-${little}.jpg`))).metadata.exif)).toBe(place);
    },
  );

  it('of EXIF near the limit of a JPEG file stay; beyond it they go, and it is told', async () => {
    for (const note of [65_350, 70_000]) {
      const exif = cameraExif({ note });
      const lost = await writePicture(path(`${note}.jpg`), pictureOf(8, 8, { metadata: { exif } }));
      expect(lost).toEqual(note > 65_535 ? ["the maker's notes"] : []);
      expect((await describePicture(path(`${note}.jpg`))).camera.make).toBe('Testwerke');
      for (const extension of ['png', 'webp', 'avif'])
        expect(
          await writePicture(path(`${note}.${extension}`), pictureOf(8, 8, { metadata: { exif } })),
        ).toEqual([]);
    }
  });

  it('EXIF whose directory has no link to a next one stays whole', async () => {
    const exif = exifOf(
      [
        [0x010f, 2, 6, 34],
        [0x0112, 3, 1, 6],
      ],
      { next: false, data: Buffer.from('Maker\0') },
    );
    await writePicture(path('no-next.jpg'), await readPicture(await jpeg(segment(0xe1, 'Exif\0\0', exif))));
    expect((await describePicture(path('no-next.jpg'))).camera.make).toBe('Maker');
  });
});

describe('the place on Earth', () => {
  it.each([false, true])('has pixels of the new size (by their middles: %s)', async (middles) => {
    const { fields } = rescaledMetadata({ fields: geoFields(middles) }, 4);
    const numbers = (tag: number): readonly number[] => {
      const field = fields?.get(tag);
      return field === undefined ? [] : numbersOf(field);
    };
    expect(numbers(0x830e)).toEqual([0.5, 0.5, 0]);
    // The middle of the first pixel is now between the second and the third.
    expect(numbers(0x8482)).toEqual(middles ? [1.5, 1.5, 0, 1000, 5000, 0] : [0, 0, 0, 1000, 5000, 0]);
    const matrix = [2, 0, 0, 100, 0, -2, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1];
    const placed = new Map([...geoFields(middles), [0x85d8, doublesField(...matrix)] as const]);
    const moved = rescaledMetadata({ fields: placed }, 2).fields?.get(0x85d8);
    const shift = middles ? 0.5 : 0; // half of a new pixel, in metres
    expect(moved === undefined ? [] : numbersOf(moved).slice(0, 8)).toEqual([
      1,
      0,
      0,
      100 - shift,
      0,
      -1,
      0,
      200 + shift,
    ]);
  });
});
