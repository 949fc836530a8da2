import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture, writePicture } from '#src/images/index.js';
import { draw, samples, temporaryFolder } from './drawing.js';

const { path } = temporaryFolder();
const kinds = ['jpeg', 'png', 'webp', 'avif'] as const;

/** An EXIF structure of one directory of `count` fields; `field` writes each, 12 bytes. */
function directoryOf(count: number, size: number, field: (entry: DataView, i: number) => void): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, 10 + 12 * count + 4));
  bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  new DataView(bytes.buffer).setUint16(8, count, true);
  for (let i = 0; i < count; i++) field(new DataView(bytes.buffer, 10 + 12 * i, 12), i);
  return bytes;
}

/** Directories that point to themselves. */
const circle = (count: number, tag = 0x8769) =>
  directoryOf(count, 0, (entry) => {
    entry.setUint16(0, tag, true);
    entry.setUint16(2, 4, true);
    entry.setUint32(4, 1, true);
    entry.setUint32(8, 8, true);
  });

/** Fields that all cover the whole block. */
const overlapping = (count: number, size: number) =>
  directoryOf(count, size, (entry, i) => {
    entry.setUint16(0, i + 1, true);
    entry.setUint16(2, 1, true);
    entry.setUint32(4, size - 8, true);
    entry.setUint32(8, 8, true);
  });

/** A small picture whose EXIF is the block: a harmless one of at least that size, overwritten. */
async function pictureWith(kind: (typeof kinds)[number], block: Uint8Array): Promise<Buffer> {
  const drawing = draw(16, 12, 3, samples(16 * 12 * 3, 8));
  const file = await drawing
    .withExif({ IFD0: { ImageDescription: 'x'.repeat(block.length) } })
    .toFormat(kind)
    .toBuffer();
  const at = file.indexOf('II*\0', 0, 'latin1');
  expect(at).toBeGreaterThan(0);
  file.set(block, at);
  return file;
}

const circles = [
  ['a photograph’s', circle(5000)],
  ['a position’s', circle(3000, 0x8825)],
  ['a bitten tail of two thousand', circle(2000, 0xa005)],
] as const;

describe('EXIF made to harm', () => {
  it.each(kinds.flatMap((kind) => circles.map(([name, block]) => [kind, name, block] as const)))(
    'in %s, of directories in a circle, %s, is left out without being followed',
    async (kind, _, block) => {
      const file = await pictureWith(kind, block);
      const described = await describePicture(file);
      expect(described).toMatchObject({ width: 16, height: 12, camera: {} });
      const picture = await readPicture(file);
      expect(picture.metadata.exif).toBeUndefined();
      await writePicture(path(`circle.${kind}`), picture, { overwrite: true });
      expect((await readPicture(path(`circle.${kind}`))).width).toBe(16);
    },
  );

  it.each(kinds)('in %s, of fields that overlap, takes no more than the file', async (kind) => {
    const file = await pictureWith(kind, overlapping(3000, 60_000));
    const before = process.memoryUsage().arrayBuffers;
    expect((await readPicture(file)).metadata.exif).toBeUndefined();
    expect(await describePicture(file)).toMatchObject({ camera: {} });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
  });

  it('in a TIFF file, whose own directory it is, is taken once', async () => {
    const fields = 1000;
    const plain = await draw(16, 12, 3, samples(16 * 12 * 3, 8))
      .tiff({ compression: 'none' })
      .toBuffer();
    const at = plain.readUInt32LE(4);
    const own = plain.readUInt16LE(at);
    const file = Buffer.concat([plain, Buffer.alloc(2 + 12 * (own + fields) + 4)]);
    plain.copy(file, plain.length + 2, at + 2, at + 2 + 12 * own);
    file.writeUInt16LE(own + fields, plain.length);
    for (let i = 0; i < fields; i++) {
      const entry = plain.length + 2 + 12 * (own + i);
      file.writeUInt16LE(0x8769, entry);
      file.writeUInt16LE(4, entry + 2);
      file.writeUInt32LE(1, entry + 4);
      file.writeUInt32LE(plain.length, entry + 8);
    }
    file.writeUInt32LE(plain.length, 4);
    const picture = await readPicture(file);
    expect([picture.width, picture.height]).toEqual([16, 12]);
    await writePicture(path('circle.tif'), picture);
  });

  it('leaves pictures that look like it as they are', async () => {
    const pixels = Buffer.alloc(16 * 12 * 3);
    pixels.write('Exif\0\0II*\0\x08\0\0\0\xff\x00', 30, 'latin1');
    const file = await draw(16, 12, 3, pixels).tiff({ compression: 'none' }).toBuffer();
    const back = await sharp(file).raw().toBuffer();
    const { data } = await readPicture(file);
    expect(Math.round((data[10] ?? 0) * 255)).toBe(back[30]);
  });
});

describe('a density that no format holds', () => {
  it.each(['jpg', 'png', 'webp', 'tif', 'avif'])(
    'is left out of a .%s file, which is written',
    async (extension) => {
      const picture = await readPicture(await draw(4, 4, 3, samples(48, 8)).png().toBuffer());
      for (const density of [4e9, 1 / 4e9, 0, -5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await writePicture(
          path(`dense.${extension}`),
          { ...picture, metadata: { density: { x: density, y: density } } },
          { overwrite: true },
        );
        const { width, metadata } = await readPicture(path(`dense.${extension}`));
        expect({ width, density: metadata.density }).toEqual({ width: 4, density: undefined });
      }
    },
  );
});
