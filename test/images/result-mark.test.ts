import { mkdir } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import {
  isMarkedAsResult,
  markedAsResult,
  type Picture,
  readPicture,
  writePicture,
} from '#src/images/index.js';
import { heatMap } from '#src/quality/index.js';
import { createRandom } from '#src/random.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const formats = ['jpg', 'png', 'webp', 'tif', 'avif'] as const;

/** Noise, so that files are larger than what is searched of them. */
function noisy(side: number, metadata: Picture['metadata'] = {}): Picture {
  const random = createRandom(1);
  const data = Float32Array.from({ length: 3 * side * side }, () => random.uniform());
  return { width: side, height: side, channels: 3, data, bitDepth: 8, format: 'png', metadata };
}

const own = Buffer.from(
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="uuid:7" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/x"/></rdf:RDF></x:xmpmeta>',
);

it.each(formats)('a result is known by its metadata in a large .%s file', async (extension) => {
  for (const [name, metadata] of [
    ['bare', {}],
    ['with XMP', { xmp: own }],
  ] as const) {
    const [result, original] = [path(`${name}.${extension}`), path(`${name} before.${extension}`)];
    await writePicture(result, noisy(700, markedAsResult(metadata, 'denoised')), { quality: 100 });
    await writePicture(original, noisy(64, metadata), { quality: 100 });
    expect(await isMarkedAsResult(result)).toBe(true);
    expect(await isMarkedAsResult(original)).toBe(false);
    const read = Buffer.from((await readPicture(result)).metadata.xmp ?? []).toString('latin1');
    expect(read).toContain('revela:result="denoised"');
    if (name === 'with XMP') expect(read).toContain('dc:format="image/x"');
  }
});

it('marks once, and hands on what it was given', () => {
  const once = markedAsResult({ xmp: own, density: { x: 72, y: 72 } }, 'denoised');
  expect(markedAsResult(once, 'enlarged')).toBe(once);
  expect(once.density).toEqual({ x: 72, y: 72 });
  // One subject for all descriptions of a packet, as XMP wants it.
  expect(Buffer.from(once.xmp ?? []).toString()).toMatch(/rdf:about="uuid:7" xmlns:revela=/);
});

it('leaves XMP that is damaged as it is', () => {
  const damaged = { xmp: Buffer.from('<x:xmpmeta><rdf:RDF>') };
  expect(markedAsResult(damaged, 'denoised')).toBe(damaged);
});

it('what cannot be read bears no mark', async () => {
  await mkdir(path('folder.png'));
  expect(await isMarkedAsResult(path('folder.png'))).toBe(false);
  expect(await isMarkedAsResult(path('missing.png'))).toBe(false);
});

it('keeps the mark of a file that another program has written anew with its metadata', async () => {
  const picture = noisy(32);
  await writePicture(path('a.png'), { ...picture, metadata: markedAsResult({}, 'enlarged') });
  await sharp(path('a.png')).keepMetadata().jpeg().toFile(path('a.jpg'));
  expect(await isMarkedAsResult(path('a.jpg'))).toBe(true);
});

it('marks maps of quality', async () => {
  const map = { rows: 1, columns: 1, down: 1, across: 1, score: 0.5, data: Float32Array.of(0.5) };
  await writePicture(path('map.png'), heatMap(map, noisy(16)));
  expect(await isMarkedAsResult(path('map.png'))).toBe(true);
});
