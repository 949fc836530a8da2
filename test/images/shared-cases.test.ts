import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, type TestContext } from 'vitest';
import { describePicture, type Picture, readPicture, writePicture } from '#src/images/index.js';
import { sharedFolder } from '../shared.js';
import { expectRefusal, temporaryFolder } from './drawing.js';

const { path } = temporaryFolder();
let made = 0;

/** Reads a file of a case and writes what was read; its bytes, and what it is said to be without. */
async function through(context: TestContext, folder: string, file: string, extension: string) {
  const picture = await readPicture(join(sharedFolder(context, 'cases', folder), file));
  const target = path(`${made++}.${extension}`);
  const lost = await writePicture(target, picture);
  const bytes = await readFile(target);
  return { picture, lost, bytes, raw: await sharp(bytes).metadata() };
}

const says = (bytes: Buffer, text: string): boolean => bytes.includes(text, 0, 'latin1');
const xmpOf = ({ metadata }: Picture): string => Buffer.from(metadata.xmp ?? []).toString('latin1');

describe('pictures of the cases', () => {
  it.for(['long.jpg', 'byte.jpg', 'twice.jpg', 'long.png'])(
    '%s is upright and says so',
    async (file, context) => {
      const folder = 'files-03-orientation-of-another-type-turned-twice';
      const { raw } = await through(context, folder, file, file.slice(-3));
      expect([raw.width, raw.height, raw.orientation ?? 1]).toEqual([71, 97, 1]);
    },
  );

  it.for(['a.tif', 'b-microscope.tif', 'c.tif'])('%s of a microscope is written', async (file, context) => {
    const { lost } = await through(context, 'files-04-density-stops-the-batch', file, 'tif');
    expect(lost.filter((what) => what !== 'the density')).toEqual([]);
  });

  it.for([
    ...['linear-gama.png', 'adobe-chrm.png', 'p3-cicp.png'],
    ...['hdr-pq-cicp.png', 'hdr-pq-nclx.avif', 'primaries.tif'],
  ])('%s says its colours still', async (file, context) => {
    const folder = 'files-06-colour-described-without-icc-is-lost';
    const { bytes, raw } = await through(context, folder, file, file.split('.')[1] ?? '');
    expect(raw.icc !== undefined || ['cICP', 'nclx'].some((name) => says(bytes, name))).toBe(true);
    if (file.endsWith('avif')) expect(raw.bitsPerSample).toBe(10);
  });

  it.for(['gain-map.jpg', 'gain-map-of-another-kind.jpg'])(
    '%s claims no gain map any more',
    async (file, context) => {
      const folder = 'files-07-gain-map-lost-and-still-claimed';
      const { bytes, lost, picture } = await through(context, folder, file, 'jpg');
      expect(lost).toEqual(['the gain map (HDR)']);
      for (const claim of ['hdrgm:Version', 'GainMap', 'MPF\0', 'iso:ts:21496'])
        expect(says(bytes, claim)).toBe(false);
      expect(xmpOf(picture)).toContain('rdf:Description');
    },
  );

  it.for([
    ['iptc.jpg', 'jpg', 'A caption'],
    ['iptc.jpg', 'jpg', 'a comment'],
    ['text.png', 'png', 'Seed: 1'],
    ['exif-65k.jpg', 'jpg', 'Maker'],
    ['exif-70k.png', 'png', '2020:01:02'],
    ['exif-no-next.jpg', 'jpg', 'Maker'],
    ['xmp-extension-first.jpg', 'jpg', 'A title'],
  ])('%s as %s keeps %s', async ([file = '', extension = '', text = ''], context) => {
    const folder = 'files-09-captions-keywords-texts-lost';
    const { bytes } = await through(context, folder, file, extension);
    expect(says(bytes, text)).toBe(true);
  });

  it('XMP of 70 KB goes into a JPEG, and an extension is kept or not claimed', async (context) => {
    const folder = 'files-09-captions-keywords-texts-lost';
    const { bytes } = await through(context, folder, 'xmp-70k.png', 'jpg');
    expect(xmpOf(await readPicture(bytes))).toContain('A title');
    const behind = await through(context, folder, 'xmp-extension-behind.jpg', 'jpg');
    expect(says(behind.bytes, 'from the extension') || !says(behind.bytes, 'HasExtendedXMP')).toBe(true);
    const { picture } = await through(context, folder, 'geo.tif', 'tif');
    expect(picture.metadata.fields?.has(34_735)).toBe(true);
  });

  it('what is lossless or deep stays so, or it is told', async (context) => {
    const folder = 'files-16-lossless-and-deep-files-become-lossy';
    expect(says((await through(context, folder, 'lossless.webp', 'webp')).bytes, 'VP8L')).toBe(true);
    expect((await through(context, folder, 'ten-bits.avif', 'avif')).raw.bitsPerSample).toBe(10);
    const deep = await through(context, folder, 'deep.png', 'avif');
    expect(deep.raw.bitsPerSample).toBe(12);
    expect(deep.lost).toEqual(['16 bits a sample (12 are written)']);
  });

  it('files that are whole are not called damaged', async (context) => {
    const folder = sharedFolder(context, 'cases', 'files-17-messages-that-are-not-true');
    for (const name of ['twelve-bits.jpg', 'twelve-bits.tif'])
      await expectRefusal(readPicture(join(folder, name)), 'has 12 bits a sample, which are not read');
    await expectRefusal(describePicture(join(folder, 'float.tif')), 'has floating point samples');
  });

  it.for(['jpg', 'png', 'tif'])(
    "the maker's notes stand where they stood, in a %s",
    async (extension, context) => {
      const folder = 'files-18-maker-notes-broken-in-tiff';
      const { lost, bytes } = await through(context, folder, 'canon.jpg', extension);
      expect(lost).toEqual([]);
      const original = await readFile(join(sharedFolder(context, 'cases', folder), 'canon.jpg'));
      const note = Buffer.from('Canon EOS DIGITAL REBEL');
      expect(bytes.includes(note)).toBe(original.includes(note));
    },
  );
});
