import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkDecodable } from '#src/images/decoding-limit.js';
import { describePicture, readPicture } from '#src/images/index.js';
import { sharedFolder } from '../shared.js';
import { draw, expectRefusal, samples } from './drawing.js';

const picture = {
  width: 17_300,
  height: 17_300,
  channels: 3,
  hasAlpha: false,
  bitDepth: 8,
  fileSize: 1e8,
} as const;

describe('before a picture is decoded', () => {
  it('its memory is compared with what the machine has free', () => {
    expect(() => checkDecodable(picture, 'p.png', undefined, 8e9)).not.toThrow();
    expect(() => checkDecodable(picture, 'p.png', undefined, 2e9)).toThrow(
      'p.png has 17300×17300 = 299 megapixels, which take 4.5 GB of memory where 2.0 GB are free; make it smaller or cut it into parts, or allow it with `readPicture(…, { maxMegapixels: 300 })`',
    );
    expect(() => checkDecodable(picture, 'p.png', 300, 2e9)).not.toThrow();
  });

  it('a small file that opens to hundreds of megapixels is told', () => {
    const bomb = { ...picture, fileSize: 873_000 };
    expect(() => checkDecodable(bomb, 'p.png', undefined, 64e9)).toThrow(
      'p.png is a file of 0.88 MB that opens to 17300×17300 = 299 megapixels, which take 4.5 GB of memory; if it is what it should be, allow it with `readPicture(…, { maxMegapixels: 300 })`',
    );
    expect(() => checkDecodable(bomb, 'p.png', 300, 64e9)).not.toThrow();
  });

  it('neither concerns pictures of an ordinary size', () => {
    const flat = { ...picture, width: 6000, height: 4000, fileSize: 20_000 };
    expect(() => checkDecodable(flat, 'p.png', undefined, 1e9)).not.toThrow();
  });

  it('a PNG file of forty kilobytes is not decoded', async () => {
    const side = 17_300;
    const chunk = (type: string, body: Uint8Array): Buffer => {
      const content = Buffer.concat([Buffer.from(type), body]);
      const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
      length.writeUInt32BE(body.length);
      sum.writeUInt32BE(crc32(content));
      return Buffer.concat([length, content, sum]);
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(side, 0);
    header.writeUInt32BE(side, 4);
    header[8] = 1; // bits of grey
    const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))));
    const file = Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      ...[chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))],
    ]);
    await expectRefusal(readPicture(file), 'opens to 17300×17300 = 299 megapixels', 'maxMegapixels');
    expect(await describePicture(file)).toMatchObject({ width: side, height: side });
  });
});

describe('an AVIF file', () => {
  it('that claims an impossible size is damaged', async () => {
    const file = await draw(16, 12, 3, samples(16 * 12 * 3, 8))
      .avif()
      .toBuffer();
    const at = file.indexOf('ispe', 0, 'latin1');
    for (const [width, height] of [
      [64, 0x2e000014],
      [0xffffffff, 12],
      [0, 12],
    ] as const) {
      const changed = Buffer.from(file);
      changed.writeUInt32BE(width, at + 8);
      changed.writeUInt32BE(height, at + 12);
      const refused = [describePicture(changed), readPicture(changed)];
      for (const promise of refused)
        await expectRefusal(promise, `is damaged: it claims to have ${width}×${height} pixels`);
    }
  });

  it('of the case kept for it', async (context) => {
    const cases = sharedFolder(context, 'cases');
    await expectRefusal(
      describePicture(await readFile(`${cases}/avif-with-a-huge-ispe/ispe.avif`)),
      'is damaged',
    );
  });
});
