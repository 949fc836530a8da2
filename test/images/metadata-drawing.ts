import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Picture } from '#src/images/index.js';

type Fields = NonNullable<Picture['metadata']['fields']>;
type Field = Fields extends ReadonlyMap<number, infer F> ? F : never;

/** A TIFF field as it is read. */
export function field(type: number, bytes: Uint8Array, count = bytes.length): Field {
  return { type, count, bytes, valueAt: 0, from: 0 };
}

/** A field of numbers in double precision. */
export function doublesField(...values: readonly number[]): Field {
  return field(12, Buffer.from(Float64Array.from(values).buffer), values.length);
}

/** A field of short numbers. */
export function shortsField(...values: readonly number[]): Field {
  return field(3, Buffer.from(Uint16Array.from(values).buffer), values.length);
}

/** The fields of a GeoTIFF: pixels of 2 m, a tie point, the kind of raster. */
export function geoFields(middles = false): Fields {
  return new Map([
    [0x830e, doublesField(2, 2, 0)],
    [0x8482, doublesField(0, 0, 0, 1000, 5000, 0)],
    [0x87af, shortsField(1, 1, 0, 1, 1025, 0, 1, middles ? 2 : 1)],
  ]);
}

/** An EXIF structure: entries of 12 bytes by tag, type, count and value, and data behind them. */
export function exifOf(
  entries: readonly (readonly [tag: number, type: number, count: number, value: number])[],
  { little = true, data = Buffer.alloc(0), next = true } = {},
): Buffer {
  const bytes = Buffer.alloc(10 + 12 * entries.length + (next ? 4 : 0));
  const [u16, u32] = [
    bytes[little ? 'writeUInt16LE' : 'writeUInt16BE'],
    bytes[little ? 'writeUInt32LE' : 'writeUInt32BE'],
  ];
  bytes.write(little ? 'II*\0' : 'MM\0*', 'latin1');
  u32.call(bytes, 8, 4);
  u16.call(bytes, entries.length, 8);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + 12 * i;
    u16.call(bytes, tag, at);
    u16.call(bytes, type, at + 2);
    u32.call(bytes, count, at + 4);
    if (type === 3 && count === 1) u16.call(bytes, value, at + 8);
    else if (type === 1 && count === 1) bytes[at + 8] = value;
    else u32.call(bytes, value, at + 8);
  }
  return Buffer.concat([bytes, data]);
}

/** What a camera writes: its make, and an EXIF directory with a maker's note of so many bytes that stands last. */
export function cameraExif({ note = 100, little = true } = {}): Buffer {
  const make = Buffer.from('Testwerke\0', 'latin1');
  const at = 10 + 12 * 2 + 4;
  const photo = at + make.length;
  const head = exifOf(
    [
      [0x010f, 2, make.length, at],
      [0x8769, 4, 1, photo],
    ],
    { little, data: make },
  );
  const directory = exifOf(
    [
      [0x927c, 7, note, photo + 2 + 24 + 4],
      [0xa002, 4, 1, 24],
    ],
    { little },
  ).subarray(8);
  const text = Buffer.alloc(note, 'A maker’s note ');
  return Buffer.concat([head, directory, text]);
}

/** A profile that the decoder brings along. */
export async function colourProfileOf(name: 'p3' | 'srgb'): Promise<Buffer> {
  const file = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .withIccProfile(name)
    .png()
    .toBuffer();
  const { icc } = await sharp(file).metadata();
  if (icc === undefined) throw new Error('there is no profile');
  return icc;
}

/** A PNG file with chunks put in after its header. */
export function pngWith(
  file: Buffer,
  ...chunks: readonly (readonly [type: string, data: Uint8Array])[]
): Buffer {
  const parts = chunks.flatMap(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return [frame.subarray(0, 4), body, frame.subarray(4)];
  });
  return Buffer.concat([file.subarray(0, 33), ...parts, file.subarray(33)]);
}

/** A JPEG file with segments put in at its beginning. */
export function jpegWith(
  file: Buffer,
  ...segments: readonly (readonly [marker: number, data: Uint8Array])[]
): Buffer {
  const parts = segments.flatMap(([marker, data]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return [head, data];
  });
  return Buffer.concat([file.subarray(0, 2), ...parts, file.subarray(2)]);
}
