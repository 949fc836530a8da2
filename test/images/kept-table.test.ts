import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Picture, type PictureMetadata, readPicture, writePicture } from '#src/images/index.js';
import { pictureOf, temporaryFolder } from './drawing.js';
import { cameraExif, colourProfileOf, field, geoFields } from './metadata-drawing.js';

/** The page whose table this test holds; `WRITE_DOCS=1` writes it anew. */
const page = fileURLToPath(new URL('../../docs/pictures.md', import.meta.url));
const [begin, end] = ['<!-- kept: begin -->', '<!-- kept: end -->'] as const;
const { path } = temporaryFolder();

const formats = { JPEG: 'jpg', PNG: 'png', WebP: 'webp', TIFF: 'tif', AVIF: 'avif' } as const;

const xmp = (filling: number): Uint8Array =>
  Buffer.from(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A title</dc:title><dc:description>${'x'.repeat(filling)}</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`,
  );

/** One of Photoshop's blocks: a path of 26 bytes. */
const photoshopPath = Buffer.concat([
  Buffer.from('8BIM\x07\xd0\0\0\0\0\0\x1a', 'latin1'),
  Buffer.alloc(26, 3),
]);

/** Parts of a picture's metadata. */
const kinds: readonly (readonly [name: string, metadata: PictureMetadata, picture?: Partial<Picture>])[] = [
  ['ICC profile', { icc: await colourProfileOf('p3') }],
  ['EXIF', { exif: cameraExif({ note: 100 }) }],
  ['EXIF of 100 KB (without the largest fields in a JPEG)', { exif: cameraExif({ note: 100_000 }) }],
  ['XMP', { xmp: xmp(10) }],
  ['XMP of 100 KB', { xmp: xmp(100_000) }],
  ['IPTC (captions, keywords)', { iptc: Buffer.from('\x1c\x02\x78\0\x09A caption', 'latin1') }],
  ["Photoshop's paths", { photoshop: photoshopPath }],
  ['comment', { texts: [{ keyword: 'Comment', text: 'Grüße' }] }],
  ['other texts', { texts: [{ keyword: 'parameters', text: 'Seed: 1', language: 'en' }] }],
  ['pixels per inch', { density: { x: 300, y: 300 } }],
  ['pixels per inch, others across than down', { density: { x: 300, y: 150 } }],
  ['pixels per inch of a microscope (0.2 nm a pixel)', { density: { x: 1.27e8, y: 1.27e8 } }],
  ['shape of pixels, without a density', { pixelShape: 16 / 15 }],
  ['place on Earth (GeoTIFF)', { fields: geoFields() }],
  ['other fields of a TIFF', { fields: new Map([[50_839, field(1, Buffer.from('ImageJ notes'))]]) }],
  ['colours by codes: P3', { colours: { primaries: 12, transfer: 13, fullRange: true } }],
  ['colours by codes: PQ (HDR)', { colours: { primaries: 9, transfer: 16, fullRange: true } }],
  ['16 bits a sample', {}, { bitDepth: 16 }],
  ['10 bits a sample (AVIF)', {}, { bitDepth: 16, sampleBits: 10 }],
  ['gain map, video, second picture of a JPEG', { lost: ['the gain map (HDR)'] }],
];

/** Whether what is found says what was written; `fields` are compared by their bytes. */
function isKept(written: PictureMetadata, found: PictureMetadata): boolean {
  const plain = ({ fields, exif, xmp: packet, density, pixelShape, ...others }: PictureMetadata) => ({
    ...Object.fromEntries(
      Object.entries(others).map(([key, value]) => [key, value instanceof Uint8Array ? [...value] : value]),
    ),
    density: density && [Math.round(density.x), Math.round(density.y)],
    pixelShape: pixelShape && Math.round(1000 * pixelShape),
    exif: exif && Buffer.from(exif).includes('A maker’s note'),
    xmp: packet && [Buffer.from(packet).includes('A title'), Buffer.from(packet).includes('x'.repeat(10))],
    fields: fields && [...fields].map(([tag, { bytes }]) => [tag, ...bytes]).sort(),
  });
  const [one, other] = [plain(written), plain(found)];
  // A density may stand in an EXIF made for it.
  return (
    JSON.stringify(one) === JSON.stringify(written.exif === undefined ? { ...other, exif: undefined } : other)
  );
}

test('the page of pictures says what each format keeps, as it does', async () => {
  const rows: string[] = [];
  for (const [kind, metadata, changes = {}] of kinds) {
    const cells: string[] = [];
    for (const [name, extension] of Object.entries(formats)) {
      const picture = pictureOf(24, 16, { ...changes, metadata });
      const file = path(`${rows.length}-${name}.${extension}`);
      const lost = await writePicture(file, picture);
      const back = await readPicture(file);
      const deep = (back.sampleBits ?? back.bitDepth) >= (picture.sampleBits ?? picture.bitDepth);
      const kept = deep && metadata.lost === undefined && isKept(metadata, back.metadata);
      const asProfile = metadata.colours !== undefined && back.metadata.icc !== undefined;
      if (!kept && !asProfile) expect(lost, `${kind} in ${name} is lost without a word`).not.toEqual([]);
      if (kept) expect(lost, `${kind} in ${name} is there`).toEqual([]);
      cells.push(kept ? 'kept' : asProfile ? 'as a profile' : `told: ${lost.join(', ')}`);
    }
    rows.push(`| ${kind} | ${cells.join(' | ')} |`);
  }
  const heads = Object.keys(formats);
  const table = [
    '',
    `| | ${heads.join(' | ')} |`,
    `|---|${heads.map(() => '---|').join('')}`,
    ...rows,
    '',
  ].join('\n');
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(begin);
  const [found, after] = (rest ?? '').split(end);
  if (process.env['WRITE_DOCS'] === '1') await writeFile(page, `${before}${begin}${table}${end}${after}`);
  else expect(found).toBe(table);
});
