import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture, rescaledMetadata, writePicture } from '#src/images/index.js';
import { draw, expectRefusal, pictureOf, samples, temporaryFolder } from './drawing.js';
import { cameraExif, exifOf, jpegWith, pngWith } from './metadata-drawing.js';

const { path } = temporaryFolder();

const drawing = () => draw(24, 16, 3, samples(24 * 16 * 3, 8));

const segment = (marker: number, start: string, ...parts: readonly Uint8Array[]) =>
  [marker, Buffer.concat([Buffer.from(start, 'latin1'), ...parts])] as const;

const jpeg = async (...segments: readonly (readonly [number, Uint8Array])[]) =>
  jpegWith(await drawing().jpeg().toBuffer(), ...segments);

const description = (attributes: string, inside: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" ${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;

const title = '<dc:title>A title</dc:title>';

const xmpSegment = (text: string) => segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', Buffer.from(text));

const xmpOf = async (file: Buffer): Promise<string> =>
  Buffer.from((await readPicture(file)).metadata.xmp ?? []).toString();

describe('what stood beside a picture in its file', () => {
  const gainMap =
    'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="c" xmlns:Item="i" hdrgm:Version="1.0"';
  const items = `<Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Length="785"/></rdf:li></rdf:Seq></Container:Directory>`;

  it('is told and no longer claimed, and the rest of the XMP stays', async () => {
    const file = await jpeg(xmpSegment(description(gainMap, title + items)));
    const { metadata } = await readPicture(file);
    const xmp = Buffer.from(metadata.xmp ?? []).toString();
    expect(xmp).not.toMatch(/hdrgm:Version|GainMap/);
    expect(xmp).toContain(title);
    expect(xmp).toContain('Item:Semantic="Primary"');
    expect(metadata.lost).toEqual(['the gain map (HDR)']);
    expect(await writePicture(path('plain.jpg'), await readPicture(file))).toEqual(['the gain map (HDR)']);
    expect((await describePicture(file)).lost).toEqual(['the gain map (HDR)']);
    expect((await readPicture(path('plain.jpg'))).metadata.lost).toBeUndefined();
  });

  it('is told of a motion photo and of data of cameras', async () => {
    const photo = await jpeg(
      xmpSegment(
        description('xmlns:GCamera="g" GCamera:MicroVideo="1" GCamera:MicroVideoOffset="2000"', title),
      ),
      segment(0xe1, 'FLIR\0', Buffer.alloc(9)),
      segment(0xe0, 'II\x1a\0\0\0HEAPJPGM', Buffer.alloc(9)),
      segment(0xeb, 'JP\0\0', Buffer.alloc(9)),
    );
    const { metadata } = await readPicture(
      Buffer.concat([photo, Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(2000)]),
    );
    expect(Buffer.from(metadata.xmp ?? []).toString()).not.toContain('GCamera:Micro');
    expect([...(metadata.lost ?? [])].sort()).toEqual(
      [
        "the camera's data (CIFF)",
        'the content credentials (JUMBF)',
        'the data of FLIR',
        'the video (motion photo)',
      ].sort(),
    );
  });
});

it('a JPEG file with bytes between its segments keeps what it says', async () => {
  const exif = segment(0xe1, 'Exif\0\0', cameraExif());
  const file = await jpeg(exif);
  const [marker, data] = exif;
  const end = 2 + 4 + data.length;
  expect(marker).toBe(0xe1);
  const odd = Buffer.concat([file.subarray(0, end), Buffer.from('odd'), file.subarray(end)]);
  expect((await describePicture(odd)).camera.make).toBe('Testwerke');
  expect((await readPicture(odd)).data).toEqual((await readPicture(file)).data);
});

describe('XMP of a JPEG file', () => {
  const part = description('', '<dc:rights>from the extension</dc:rights>');
  const identity = createHash('md5').update(part).digest('hex').toUpperCase();
  const main = description(`xmlns:xmpNote="n" xmpNote:HasExtendedXMP="${identity}"`, title);
  const head = (length: number): Buffer => {
    const bytes = Buffer.alloc(40);
    bytes.write(identity, 'latin1');
    bytes.writeUInt32BE(length, 32);
    return bytes;
  };
  const extension = segment(
    0xe1,
    'http://ns.adobe.com/xmp/extension/\0',
    head(part.length),
    Buffer.from(part),
  );

  it('is whole with its extension, which may stand first', async () => {
    for (const segments of [
      [xmpSegment(main), extension],
      [extension, xmpSegment(main)],
    ]) {
      const xmp = await xmpOf(await jpeg(...segments));
      expect(xmp).toContain(title);
      expect(xmp).toContain('from the extension');
      expect(xmp).not.toContain('HasExtendedXMP');
    }
  });

  it('claims no extension that is not there', async () => {
    const file = await jpeg(xmpSegment(main));
    expect(await xmpOf(file)).not.toContain('HasExtendedXMP');
    expect((await readPicture(file)).metadata.lost?.join()).toContain('a part of the XMP');
  });

  it('of more than a segment holds is split, and found again', async () => {
    const brush = `<dc:description>${'x'.repeat(150_000)}</dc:description>`;
    const xmp = Buffer.from(description('', title + brush));
    const file = path('large.jpg');
    expect(await writePicture(file, pictureOf(8, 8, { metadata: { xmp } }))).toEqual([]);
    expect(String((await sharp(file).metadata()).xmp)).toContain(title);
    const back = Buffer.from((await readPicture(file)).metadata.xmp ?? []).toString();
    expect([back.includes(title), back.includes(brush)]).toEqual([true, true]);
    const solid = { xmp: Buffer.from(`<x>${'y'.repeat(100_000)}</x>`) };
    expect((await writePicture(path('solid.jpg'), pictureOf(8, 8, { metadata: solid }))).join()).toContain(
      'the XMP',
    );
  });
});

describe('IPTC, comments and texts', () => {
  const iptc = Buffer.from('\x1c\x02\x78\0\x09A caption', 'latin1');
  const blocks = (...parts: readonly (readonly [number, Buffer])[]): Buffer =>
    Buffer.concat(
      parts.map(([number, data]) => {
        const frame = Buffer.alloc(12);
        frame.write('8BIM', 'latin1');
        frame.writeUInt16BE(number, 4);
        frame.writeUInt32BE(data.length, 8);
        return Buffer.concat([frame, data, Buffer.alloc(data.length % 2)]);
      }),
    );

  it('of a JPEG file go to JPEG, PNG and TIFF files and back', async () => {
    const photoshop = blocks([0x03ed, Buffer.alloc(7)], [0x0404, iptc]);
    let picture = await readPicture(
      await jpeg(segment(0xed, 'Photoshop 3.0\0', photoshop), segment(0xfe, 'a comment')),
    );
    expect(picture.metadata.texts).toEqual([{ keyword: 'Comment', text: 'a comment' }]);
    for (const name of ['a.jpg', 'a.png', 'a.tif', 'b.jpg']) {
      await writePicture(path(name), { ...picture, metadata: { iptc } });
      picture = await readPicture(path(name));
      expect(Buffer.from(picture.metadata.iptc ?? []), name).toEqual(iptc);
    }
  });

  it('of several blocks and segments stay, with what Photoshop keeps beside them', async () => {
    const more = Buffer.from('\x1c\x02\x19\0\x04Word', 'latin1');
    const inch = Buffer.alloc(16);
    inch.writeUInt32BE(300 * 65_536, 0);
    inch.writeUInt32BE(150 * 65_536, 8);
    const kept = blocks(
      [0x07d0, Buffer.alloc(26, 3)],
      [0x0408, Buffer.alloc(16, 1)],
      [0x03f3, Buffer.alloc(9, 1)],
    );
    const whole = Buffer.concat([blocks([0x03ed, inch], [0x040c, Buffer.alloc(40)], [0x0404, iptc]), kept]);
    const file = await jpeg(
      segment(0xed, 'Photoshop 3.0\0', whole.subarray(0, 100)), // a block goes on in the next segment
      segment(0xed, 'Photoshop 3.0\0', whole.subarray(100)),
      segment(0xed, 'Photoshop 3.0\0', blocks([0x0404, more])),
      segment(0xed, 'Adobe_CM\0', Buffer.alloc(3)),
    );
    let picture = await readPicture(file);
    expect(picture.metadata.lost).toEqual(['the data of Adobe_CM']);
    const { metadata } = picture;
    for (const name of ['c.jpg', 'c.png', 'c.tif', 'd.jpg']) {
      expect(Buffer.from(picture.metadata.iptc ?? []), name).toEqual(Buffer.concat([iptc, more]));
      expect(Buffer.from(picture.metadata.photoshop ?? []), name).toEqual(kept);
      expect(Math.round(picture.metadata.density?.x ?? 0), name).toBe(300);
      const { lost: _, ...plain } = picture.metadata;
      expect(await writePicture(path(name), { ...picture, metadata: plain }), name).toEqual([]);
      picture = await readPicture(path(name));
    }
    const larger = rescaledMetadata(metadata, 2);
    expect(Buffer.from(larger.photoshop ?? []).includes(Buffer.from([0x07, 0xd0]))).toBe(true);
    expect(larger.lost).toContain("Photoshop's guides and slices, because the picture was resized");
    const turned = await readPicture(
      await jpeg(
        segment(0xe1, 'Exif\0\0', exifOf([[0x0112, 3, 1, 6]])),
        segment(0xed, 'Photoshop 3.0\0', kept),
      ),
    );
    expect(turned.metadata.lost).toContain("Photoshop's paths, because the picture was turned");
    expect(Buffer.from(turned.metadata.photoshop ?? [])).toEqual(blocks([0x03f3, Buffer.alloc(9, 1)]));
  });

  it('of a list of blocks that is cut short are told', async () => {
    const cut = blocks([0x0404, iptc], [0x03f3, Buffer.alloc(9)]).subarray(0, -5);
    const { metadata } = await readPicture(await jpeg(segment(0xed, 'Photoshop 3.0\0', cut)));
    expect(Buffer.from(metadata.iptc ?? [])).toEqual(iptc);
    expect(metadata.lost).toEqual(["a part of Photoshop's data, which is damaged"]);
  });

  it('of a PNG file stay, in every language', async () => {
    const file = pngWith(
      await drawing().png().toBuffer(),
      ['tEXt', Buffer.from('Author\0M\xfcller', 'latin1')],
      ['iTXt', Buffer.from('Title\0\0\0de\0Titel\0Grüße', 'utf8')],
      ['zTXt', Buffer.from('Broken\0\0nonsense', 'latin1')],
    );
    const picture = await readPicture(file);
    const texts = [
      { keyword: 'Author', text: 'Müller' },
      { keyword: 'Title', text: 'Grüße', language: 'de', translated: 'Titel' },
    ];
    expect(picture.metadata.texts).toEqual(texts);
    expect(picture.metadata.lost).toEqual(['a text, which is damaged']);
    await writePicture(path('texts.png'), picture);
    expect((await readPicture(path('texts.png'))).metadata.texts).toEqual(texts);
  });
});

describe('animations are never reduced to the first picture', () => {
  it('an APNG', async () => {
    const control = Buffer.alloc(8);
    control.writeUInt32BE(3, 0);
    const file = pngWith(await drawing().png().toBuffer(), ['acTL', control]);
    await expectRefusal(readPicture(file), '3 pictures', 'an animation or pages');
    await expectRefusal(describePicture(file), '3 pictures');
  });

  it('an AVIF sequence', async () => {
    const file = await drawing().avif().toBuffer();
    const moov = Buffer.from('\0\0\0\x08moov', 'latin1');
    await expectRefusal(readPicture(Buffer.concat([file, moov])), 'several pictures');
  });
});
