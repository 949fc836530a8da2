import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkSidecars, sidecarPath, writeRating } from '#src/images/index.js';
import { temporaryFolder } from './drawing.js';

const { path } = temporaryFolder();
const described = (inside: string, rest = '') =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" ${inside}>${rest}</rdf:Description></rdf:RDF></x:xmpmeta>`;

describe('a sidecar', () => {
  it('is named like its picture', () => {
    expect(sidecarPath('shots/IMG_1.JPG')).toBe('shots/IMG_1.xmp');
    expect(sidecarPath('a.b.tiff')).toBe('a.b.xmp');
    expect(sidecarPath('IMG.1')).toBe('IMG.1.xmp');
  });

  it('says the rating, and nothing else, where there was none', async () => {
    expect(await writeRating(path('a.jpg'), 5)).toBe(path('a.xmp'));
    const text = await readFile(path('a.xmp'), 'utf8');
    expect(text).toContain('xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"');
    await writeRating(path('b.jpg'), -1);
    expect(await readFile(path('b.xmp'), 'utf8')).toBe(text.replace('"5"', '"-1"'));
  });

  it('that exists stays, unless it may be changed; then all else in it stays', async () => {
    const kept = ' crs:Exposure2012="+0.50" dc:creator="Zoë"';
    const before = described(
      `xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="2"${kept}`,
      '<xmp:Label>Red</xmp:Label>',
    );
    await writeFile(path('c.xmp'), before);
    await expect(writeRating(path('c.jpg'), 5)).rejects.toThrow(
      /c\.xmp exists already; `overwrite` sets the rating/,
    );
    expect(await readFile(path('c.xmp'), 'utf8')).toBe(before);
    await writeRating(path('c.jpg'), 5, { overwrite: true });
    const after = await readFile(path('c.xmp'), 'utf8');
    expect(after.match(/xmp:Rating="(-?\d)"/g)).toEqual(['xmp:Rating="5"']);
    expect(after.match(/xmlns:xmp=/g)).toHaveLength(1);
    expect(after).toContain(kept);
    expect(after).toContain('<xmp:Label>Red</xmp:Label>');
  });

  it('may say it as an element, and by the old name of the namespace', async () => {
    const old = described('xmlns:xap="http://ns.adobe.com/xap/1.0/"', '<xap:Rating>3</xap:Rating>');
    await writeFile(path('d.xmp'), old);
    await writeRating(path('d.jpg'), -1, { overwrite: true });
    const after = await readFile(path('d.xmp'), 'utf8');
    expect(after).toContain('xmp:Rating="-1"');
    expect(after).not.toContain('xap:Rating');
  });

  it('that is no XMP, or of two pictures, is refused in one line', async () => {
    await writeFile(path('e.xmp'), 'Dear diary');
    await expect(checkSidecars([path('e.jpg')], { overwrite: true })).rejects.toThrow(/e\.xmp is no XMP/);
    await mkdir(path('f.xmp'));
    await expect(checkSidecars([path('f.jpg')])).rejects.toThrow(/cannot read the sidecar .*f\.xmp/);
    await expect(checkSidecars([path('g.jpg'), path('g.png')])).rejects.toThrow(
      /g\.jpg and .*g\.png would both have the sidecar .*g\.xmp/,
    );
    await writeRating(path('h.jpg'), 1);
    await expect(checkSidecars([path('a.jpg'), path('h.jpg')])).rejects.toThrow(
      /a\.xmp and 1 more exist already; /,
    );
  });
});
