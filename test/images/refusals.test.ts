import { mkdir } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { draw, expectRefusal, samples, temporaryFolder } from './drawing.js';

const { path, write } = temporaryFolder();
const drawing = () => draw(64, 48, 3, samples(64 * 48 * 3, 8));

describe('readPicture refuses', () => {
  it('a missing file', () => expectRefusal(readPicture(path('none.jpg')), 'none.jpg', 'does not exist'));

  it('a folder', async () => {
    await mkdir(path('folder.png'));
    await expectRefusal(readPicture(path('folder.png')), 'folder.png', 'is a folder');
  });

  it('an empty file and no bytes', async () => {
    await expectRefusal(readPicture(await write('empty.jpg', '')), 'empty.jpg', 'empty (0 bytes)');
    await expectRefusal(readPicture(new Uint8Array()), 'empty (0 bytes)');
  });

  it('a text that is named as a picture', async () => {
    await expectRefusal(
      readPicture(await write('text.png', 'No picture.')),
      'text.png',
      'not a picture',
      'JPEG',
    );
  });

  it.each(['jpeg', 'png', 'webp', 'tiff', 'avif'] as const)('a %s file that is cut short', async (kind) => {
    const whole = await drawing().toFormat(kind).toBuffer();
    for (const length of [20, whole.length >> 1, whole.length - 40]) {
      const file = await write(`short.${kind}`, whole.subarray(0, length));
      await expectRefusal(readPicture(file), `short.${kind}`, 'damaged or cut short', 'copy it again');
    }
    await readPicture(await write(`whole.${kind}`, whole));
  });

  it('not a JPEG file of which a part is damaged: the rest is read, and it is told', async () => {
    const whole = await drawing().jpeg().toBuffer();
    const sound = await readPicture(whole);
    const cut = Buffer.concat([whole.subarray(0, -42), whole.subarray(-2)]);
    const picture = await readPicture(cut);
    expect(picture.data.slice(0, 8)).toEqual(sound.data.slice(0, 8));
    const damage = 'a part of the picture, which is damaged in its file (premature end of data segment)';
    expect(picture.metadata.lost).toEqual([damage]);
    expect(sound.metadata.lost).toBeUndefined();
    // What stands between segments is not about the pixels.
    const between = Buffer.concat([whole.subarray(0, 2), Buffer.alloc(3), whole.subarray(2)]);
    expect((await readPicture(between)).metadata.lost).toBeUndefined();
  });

  it('a progressive JPEG that is cut short', async () => {
    const whole = await drawing().jpeg({ progressive: true }).toBuffer();
    await expectRefusal(readPicture(whole.subarray(0, whole.length - 30)), 'damaged or cut short');
  });

  it.each(['webp', 'tiff', 'gif'] as const)('a %s file with two pages', async (kind) => {
    const frames = Buffer.concat([Buffer.alloc(8 * 8 * 3, 10), Buffer.alloc(8 * 8 * 3, 200)]);
    const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const;
    const file = await sharp(frames, { raw }).toFormat(kind).toBuffer();
    await expectRefusal(readPicture(file), kind === 'gif' ? 'GIF' : '2 pictures');
    await expectRefusal(describePicture(file), kind === 'gif' ? 'GIF' : '2 pictures');
  });

  it.each(['jpeg', 'tiff'] as const)('a CMYK %s', async (kind) => {
    const file = await drawing().toColourspace('cmyk').toFormat(kind).toBuffer();
    await expectRefusal(readPicture(file), 'CMYK', 'convert it to RGB');
  });

  it('other kinds of file', async () => {
    await expectRefusal(readPicture(await drawing().gif().toBuffer()), 'GIF file', 'convert it to PNG');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>';
    await expectRefusal(
      readPicture(await write('drawing.svg', svg)),
      'drawing.svg is a SVG file',
      'convert it',
    );
  });

  it('a camera raw file, whose thumbnail would otherwise pass as the picture', async () => {
    const tiff = await drawing().tiff().toBuffer();
    await expectRefusal(readPicture(await write('IMG_1.NEF', tiff)), 'IMG_1.NEF', 'camera raw', 'develop it');
    await expectRefusal(readPicture(await write('IMG_1.cr3', 'ftypcrx')), 'camera raw');
  });

  it('more pixels than the limit, without decoding them', async () => {
    const file = await write('huge.png', hollowPng(30_000, 30_000));
    await expectRefusal(readPicture(file), 'huge.png', '30000×30000', '900 megapixels', 'limit of 300');
    await expectRefusal(readPicture(await drawing().png().toBuffer(), { maxMegapixels: 0.001 }), '64×48');
    expect((await describePicture(file)).width).toBe(30_000);
  });
});

/** A PNG that says how large it is and holds no pixels. */
function hollowPng(width: number, height: number): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.alloc(0))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
