import { describe, expect, it } from 'vitest';
import { ordinaryTiff } from '#src/images/big-tiff.js';
import { readPicture } from '#src/images/index.js';
import { damagedError } from '#src/images/inspect.js';
import { createRandom } from '#src/random.js';
import { draw, expectRefusal, integersOf, samples } from './drawing.js';

const size = [12, 7] as const;
const drawing = () => draw(...size, 3, samples(12 * 7 * 3, 8));

/** A file that begins so. */
const beginning = (text: string, at = 0) =>
  Buffer.concat([Buffer.alloc(at), Buffer.from(text, 'latin1'), Buffer.alloc(200)]);

/** A TIFF file with another number in its first directory's field. */
async function tiffWith(tag: number, value: number): Promise<Buffer> {
  const file = await drawing().tiff({ compression: 'none' }).toBuffer();
  setField(file, tag, value);
  return file;
}

function setField(file: Buffer, tag: number, value: number): void {
  const at = file.readUInt32LE(4);
  for (let i = 0, entry = at + 2; i < file.readUInt16LE(at); i++, entry += 12)
    if (file.readUInt16LE(entry) === tag) file.writeUInt16LE(value, entry + 8);
}

/** A TIFF file of 4 × 4 grey samples. */
function greyTiff(bits: number, sampleFormat: number): Buffer {
  const fields = [
    ...[
      [256, 4],
      [257, 4],
      [258, bits],
      [259, 1],
      [262, 1],
      [273, 200],
      [277, 1],
      [278, 4],
      [279, 2 * bits],
    ],
    [339, sampleFormat],
  ] as const;
  const file = Buffer.alloc(200 + 2 * bits);
  file.write('II*\0\x08\0\0\0', 'latin1');
  file.writeUInt16LE(fields.length, 8);
  for (const [i, [tag = 0, value = 0]] of fields.entries()) {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(3, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt16LE(value, at + 8);
  }
  return file;
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
}

describe('what is not read is told as what it is', () => {
  it.each([
    ['JPEG 2000', beginning('\0\0\0\x0cjP  \r\n\x87\n')],
    ['JPEG XL', beginning('\0\0\0\x0cJXL \r\n\x87\n')],
    ['JPEG XL', beginning('\xff\x0a')],
    ['GIF', beginning('GIF89a')], // cut short, which does not matter
    ['BMP', beginning('BM\x36\x0c\0\0\0\0\0\0\x36')],
    ['Photoshop', beginning('8BPS\0\x01')],
    ['OpenEXR', beginning('\x76\x2f\x31\x01')],
    ['DICOM', beginning('DICM', 128)],
    ['HEIC', box('ftyp', Buffer.from('heic\0\0\0\0mif1'))],
    ['camera raw', box('ftyp', Buffer.from('crx \0\0\0\0crx isom'))],
    ['PNG for iPhone programs (CgBI)', beginning('\x89PNG\r\n\x1a\n\0\0\0\x04CgBI\0\0\0\0')],
  ])('a %s file', (kind, file) => expectRefusal(readPicture(file), `is a ${kind} file; expected JPEG`));

  it('an AVIF animation that holds no still picture', () =>
    expectRefusal(
      readPicture(
        Buffer.concat([box('ftyp', Buffer.from('avis\0\0\0\0avisavif')), box('moov', Buffer.alloc(16))]),
      ),
      'holds several pictures (an animation or pages)',
    ));

  it.each([
    ['Lab colours', 0x0106, 8, 'has Lab colours, which are not read; convert it to RGB first'],
    ['old JPEG', 0x0103, 6, 'is compressed as JPEG was in old TIFF files'],
    ['a mosaic', 0x0106, 32_803, 'is a camera raw file; develop it first'],
    ['a compression that is not at hand', 0x0103, 34_925, 'is of a kind that is not read'],
  ])('a TIFF file of %s', async (_, tag, value, message) => {
    const file = await tiffWith(tag, value);
    await expectRefusal(readPicture(file), message);
  });

  it.each([
    ['16-bit samples with a sign', 16, 2],
    ['8-bit samples with a sign', 8, 2],
    ['32-bit samples, which', 32, 1],
    ['floating point samples', 32, 3],
    ['64 bits a sample', 64, 3],
  ])('a TIFF file of %s', (message, bits, format) =>
    expectRefusal(readPicture(greyTiff(bits, format)), message),
  );
});

it('a TIFF file that lacks a field, or whose pixels lie in a way that is not read, is not called cut short', async () => {
  const file = greyTiff(8, 1);
  const at = file.indexOf(Buffer.from([6, 1, 3, 0])); // what black and white are
  file.writeUInt16LE(65_000, at);
  await expectRefusal(readPicture(file), 'lacks the field 262, which TIFF files must have');
  const error = new Error('tiff2vips: Sorry, can not handle image');
  expect(damagedError('a.tif', error)).toMatchObject({
    message: expect.stringContaining('is of a kind that is not read'),
  });
});

it('TIFF files that the decoder takes for something else are refused', async () => {
  const grey = draw(...size, 2, samples(12 * 7 * 2, 8)).tiff({ compression: 'none' });
  const file = await grey.toBuffer();
  setField(file, 0x011c, 2);
  await expectRefusal(readPicture(file), 'keeps grey and alpha in planes of their own');
  const colours = await tiffWith(0x0106, 6);
  setField(colours, 0x011c, 2);
  await expectRefusal(readPicture(colours), 'of a kind that is not read');
  const whole = await tiffWith(0x0106, 6);
  const format = whole.indexOf(Buffer.from([0x53, 0x01, 3, 0, 3, 0, 0, 0])); // the last field, of which it makes no use
  whole.writeUInt16LE(0x0212, format); // the reduction of differences: none
  whole.writeUInt32LE(2, format + 4);
  whole.writeUInt32LE(0x0001_0001, format + 8);
  await expectRefusal(readPicture(whole), 'has YCbCr colours of a kind that is not read');
});

it('a TIFF file of brightness and colour differences (YCbCr) has no alpha', async () => {
  const file = await tiffWith(0x0106, 6);
  const picture = await readPicture(file);
  expect([picture.channels, picture.alpha]).toEqual([3, undefined]);
});

describe('a BigTIFF', () => {
  it('is turned upright, and keeps what it says beside its pixels', async () => {
    const about = { orientation: 6, density: 240, exif: { IFD0: { Artist: 'A. Painter' } } };
    const [big, ordinary] = await Promise.all(
      [true, false].map((bigtiff) => drawing().withMetadata(about).tiff({ bigtiff }).toBuffer()),
    );
    expect(big?.[2]).toBe(43);
    const [one, other] = [await readPicture(big ?? ''), await readPicture(ordinary ?? '')];
    expect([one.width, one.height]).toEqual([7, 12]);
    expect(integersOf(one)).toEqual(integersOf(other));
    expect(one.metadata.density).toEqual({ x: 240, y: 240 });
    expect(one.metadata.icc).toEqual(other.metadata.icc);
    expect(one.metadata.lost).toEqual(other.metadata.lost);
  });

  it('that is damaged costs no more than its fields', async () => {
    const about = { density: 240, exif: { IFD0: { Artist: 'A. Painter' }, IFD2: { FNumber: '28/10' } } };
    const file = await drawing().withMetadata(about).tiff({ bigtiff: true }).toBuffer();
    const random = createRandom(5);
    for (let i = 0; i < 400; i++) {
      const changed = Buffer.from(file.subarray(0, i % 4 === 0 ? random.integer(file.length) : file.length));
      for (let j = 0; j < 12; j++)
        if (changed.length > 16) changed[8 + random.integer(changed.length - 8)] = random.integer(256);
      expect(ordinaryTiff(changed).length).toBeLessThan(4 * file.length + 1000);
    }
  });
});
