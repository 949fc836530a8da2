import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { copyPicture, readPicture } from '#src/images/index.js';
import { sharedFolder } from '../shared.js';
import { draw, integersOf, samples, temporaryFolder } from './drawing.js';

const { path, write } = temporaryFolder();
const drawing = () => draw(12, 8, 3, samples(12 * 8 * 3, 8));

describe('a picture of which nothing was changed', () => {
  it('is the same bytes where the kind of file stays', async () => {
    const bytes = await drawing().jpeg().toBuffer();
    expect(await copyPicture(await write('a.jpg', bytes), path('b.jpg'))).toEqual([]);
    expect(await readFile(path('b.jpg'))).toEqual(bytes);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('is upright, as results are, in a %s', async (kind) => {
    const file = await drawing()
      .toFormat(kind, { lossless: true })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    await copyPicture(await write(`lying.${kind}`, file), path(`upright.${kind}`), { format: kind });
    const { width, height, orientation = 1 } = await sharp(path(`upright.${kind}`)).metadata();
    expect([width, height, orientation]).toEqual([8, 12, 1]);
    const before = integersOf(await readPicture(file));
    const after = integersOf(await readPicture(path(`upright.${kind}`)));
    const worst = Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? Number.NaN))));
    expect(worst).toBeLessThanOrEqual(kind === 'jpeg' ? 4 : 0);
  });

  it('claims no gain map that others do not find, and has its XMP where they find it', async (context) => {
    const cases = sharedFolder(context, 'cases');
    const gainMap = join(cases, 'files-07-gain-map-lost-and-still-claimed', 'gain-map.jpg');
    expect(await copyPicture(gainMap, path('kept.jpg'))).toEqual([]);
    expect(await readFile(path('kept.jpg'))).toEqual(await readFile(gainMap));
    const other = join(cases, 'files-07-gain-map-lost-and-still-claimed', 'gain-map-of-another-kind.jpg');
    expect(await copyPicture(other, path('told.jpg'))).toEqual(['the gain map (HDR)']);
    expect(await readFile(path('told.jpg'), 'latin1')).not.toMatch(/hdrgm:Version|GainMap/);
    const disorder = join(cases, 'files-09-captions-keywords-texts-lost', 'xmp-extension-first.jpg');
    await copyPicture(disorder, path('order.jpg'));
    expect(String((await sharp(path('order.jpg')).metadata()).xmp)).toContain('A title');
  });
});
