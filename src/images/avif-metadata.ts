import { type AvifFacts, primaryIn } from './avif-facts.js';
import { type Box, box, boxesIn, boxOf } from './boxes.js';
import type { FoundMetadata } from './found-metadata.js';
import { lostPhotoshop } from './photoshop.js';
import type { ColourCodes, PictureMetadata } from '../pixels/index.js';

/** What an AVIF file says beside its pixels, of which the decoder has read the blocks. */
export function avifMetadata(
  facts: AvifFacts,
  { icc, exif, xmp }: Pick<FoundMetadata, 'icc' | 'exif' | 'xmp'>,
): FoundMetadata {
  const { colours, pixelShape, lost } = facts;
  return { icc, exif, xmp, colours: icc === undefined ? colours : undefined, pixelShape, lost };
}

/**
 * An AVIF file with metadata, and what of it does not fit.
 *
 * @param matrix how the encoder has made brightness and colour of red, green and blue, by its code point
 */
export function avifWithMetadata(
  encoded: Uint8Array,
  { icc, exif, xmp, colours, iptc, photoshop, texts = [] }: PictureMetadata,
  matrix: number,
): { readonly bytes: Uint8Array; readonly lost: readonly string[] } {
  const lost = [
    ...(iptc === undefined ? [] : ['the IPTC']),
    ...lostPhotoshop(photoshop),
    ...texts.map(({ keyword }) => `the text ${keyword}`),
  ];
  const items: Item[] = [];
  // Four bytes say how far on the EXIF begins.
  if (exif !== undefined) items.push({ kind: 'Exif', data: Buffer.concat([new Uint8Array(4), exif]) });
  if (xmp !== undefined) items.push({ kind: 'mime', data: Buffer.from(xmp) });
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  return { bytes: withItems(bytes, items, { icc, colours, matrix }), lost };
}

interface Item {
  readonly kind: 'Exif' | 'mime';
  readonly data: Buffer;
}

/** Puts items behind the file, and their places and what they belong to into its lists. */
function withItems(
  file: Buffer,
  items: readonly Item[],
  colouring: Pick<Changes, 'icc' | 'colours' | 'matrix'>,
): Buffer {
  const boxes = boxesIn(file);
  const meta = boxOf(boxes, 'meta');
  const primary = meta === undefined ? undefined : primaryOf(meta);
  if (meta === undefined || primary === undefined) throw new Error('the encoder wrote no AVIF file');
  const first = 1 + Math.max(...locationsOf(meta).map(({ id }) => id));
  const added = items.map((item, i) => ({ ...item, id: first + i }));
  // The places of the pixels move by as much as the list of all grows, which does not depend on the places.
  const build = (growth: number): Buffer =>
    metaWith(meta, { ...colouring, added, primary, growth, end: file.length });
  const growth = build(0).length - (meta.to - meta.from);
  const behind = box('mdat', ...added.map(({ data }) => data));
  return Buffer.concat([
    file.subarray(0, meta.from),
    build(growth),
    file.subarray(meta.to),
    ...(added.length === 0 ? [] : [behind]),
  ]);
}

const primaryOf = (meta: Box): number | undefined => primaryIn(boxesIn(meta.data.subarray(4)));

interface Changes {
  readonly added: readonly (Item & { readonly id: number })[];
  readonly primary: number;
  readonly icc: Uint8Array | undefined;
  readonly colours: ColourCodes | undefined;
  readonly matrix: number;
  readonly growth: number;
  /** The length of the file as it was: what is added stands behind it, in a box of its own. */
  readonly end: number;
}

function metaWith(meta: Box, changes: Changes): Buffer {
  const { added, primary, growth, end } = changes;
  const inner = boxesIn(meta.data.subarray(4));
  const bodies = inner.map((part) => {
    if (part.type === 'iinf') return infoWith(part, added);
    if (part.type === 'iprp') return propertiesWith(part, changes);
    if (part.type === 'iref') return box('iref', part.data, ...referencesTo(added, primary));
    if (part.type !== 'iloc') return box(part.type, part.data);
    let at = end + growth + 8;
    const places = added.map(({ id, data }) => {
      const place = { id, extents: [{ offset: at, length: data.length }] };
      at += data.length;
      return place;
    });
    const moved = locationsOf(meta).map(({ id, extents }) => ({
      id,
      extents: extents.map(({ offset, length }) => ({ offset: offset + growth, length })),
    }));
    return locationBox([...moved, ...places]);
  });
  const references = referencesTo(added, primary);
  const hasReferences = inner.some(({ type }) => type === 'iref');
  const extra = hasReferences || references.length === 0 ? [] : [box('iref', Buffer.alloc(4), ...references)];
  return box('meta', meta.data.subarray(0, 4), ...bodies, ...extra);
}

/** Each item describes (`cdsc`) the picture. */
function referencesTo(added: Changes['added'], primary: number): readonly Buffer[] {
  return added.map(({ id }) => {
    const content = Buffer.alloc(6);
    content.writeUInt16BE(id, 0);
    content.writeUInt16BE(1, 2);
    content.writeUInt16BE(primary, 4);
    return box('cdsc', content);
  });
}

function infoWith({ data }: Box, added: Changes['added']): Buffer {
  if (added.length === 0) return box('iinf', data);
  const entries = added.map(({ id, kind }) => {
    const head = Buffer.alloc(12);
    head[0] = 2; // the version
    head.writeUInt16BE(id, 4);
    head.write(kind, 8, 'latin1');
    const names = kind === 'Exif' ? '\0' : '\0application/rdf+xml\0';
    return box('infe', head, Buffer.from(names, 'latin1'));
  });
  const list = Buffer.from(data);
  if (list[0] === 0) list.writeUInt16BE(list.readUInt16BE(4) + added.length, 4);
  else list.writeUInt32BE(list.readUInt32BE(4) + added.length, 4);
  return box('iinf', list, ...entries);
}

interface Location {
  readonly id: number;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

/** Where the items of a file stand, from its beginning. */
function locationsOf(meta: Box): readonly Location[] {
  const data = boxOf(boxesIn(meta.data.subarray(4)), 'iloc')?.data;
  if (data === undefined) throw new Error('the encoder wrote no places of items');
  const version = data[0] ?? 0;
  const [offsetSize, lengthSize] = [(data[4] ?? 0) >> 4, (data[4] ?? 0) & 15];
  const [baseSize, indexSize] = [(data[5] ?? 0) >> 4, version === 0 ? 0 : (data[5] ?? 0) & 15];
  let at = 6;
  const next = (size: number): number => {
    const value = size === 0 ? 0 : size === 8 ? Number(data.readBigUInt64BE(at)) : data.readUIntBE(at, size);
    at += size;
    return value;
  };
  const count = next(version < 2 ? 2 : 4);
  return Array.from({ length: count }, () => {
    const id = next(version < 2 ? 2 : 4);
    if (version > 0 && (next(2) & 15) !== 0)
      throw new Error('the encoder put items where they are not expected');
    next(2);
    const base = next(baseSize);
    const extents = Array.from({ length: next(2) }, () => {
      next(indexSize);
      const offset = base + next(offsetSize);
      return { offset, length: next(lengthSize) };
    });
    return { id, extents };
  });
}

function locationBox(locations: readonly Location[]): Buffer {
  const parts = locations.map(({ id, extents }) => {
    const part = Buffer.alloc(6 + 8 * extents.length);
    part.writeUInt16BE(id, 0);
    part.writeUInt16BE(extents.length, 4);
    for (const [i, { offset, length }] of extents.entries()) {
      part.writeUInt32BE(offset, 6 + 8 * i);
      part.writeUInt32BE(length, 10 + 8 * i);
    }
    return part;
  });
  const head = Buffer.from([0, 0, 0, 0, 0x44, 0, 0, 0]);
  head.writeUInt16BE(locations.length, 6);
  return box('iloc', head, ...parts);
}

/** The properties with a profile for the picture, and with its colours where these are said. */
function propertiesWith({ data }: Box, { primary, icc, colours, matrix }: Changes): Buffer {
  const inner = boxesIn(data);
  const list = boxesIn(boxOf(inner, 'ipco')?.data ?? Buffer.alloc(0));
  const added = [
    ...(colours === undefined ? [] : [codesBox(colours, matrix)]),
    ...(icc === undefined ? [] : [box('colr', Buffer.from('prof', 'latin1'), icc)]),
  ];
  const association = added.reduce(
    (lists, _, i) => associationWith(lists, primary, list.length + 1 + i),
    boxOf(inner, 'ipma')?.data ?? Buffer.alloc(8),
  );
  const kept = list.map((property) => box(property.type, property.data));
  return box('iprp', box('ipco', ...kept, ...added), box('ipma', association));
}

function codesBox({ primaries, transfer }: ColourCodes, matrix: number): Buffer {
  const codes = Buffer.from('nclx\0\0\0\0\0\0\x80', 'latin1'); // the full range
  codes.writeUInt16BE(primaries, 4);
  codes.writeUInt16BE(transfer, 6);
  codes.writeUInt16BE(matrix, 8);
  return box('colr', codes);
}

/** Associates one more property with an item. */
function associationWith(data: Buffer, item: number, property: number): Buffer {
  const wide = ((data[3] ?? 0) & 1) === 1;
  const idSize = data[0] === 0 ? 2 : 4;
  const parts: Buffer[] = [data.subarray(0, 8)];
  let at = 8;
  for (let left = data.readUInt32BE(4); left > 0; left--) {
    const id = data.readUIntBE(at, idSize);
    const count = data[at + idSize] ?? 0;
    const end = at + idSize + 1 + count * (wide ? 2 : 1);
    const entry = Buffer.from(data.subarray(at, end));
    parts.push(entry);
    if (id === item) {
      entry[idSize] = count + 1;
      parts.push(wide ? Buffer.from([property >> 8, property & 255]) : Buffer.from([property]));
    }
    at = end;
  }
  return Buffer.concat(parts);
}
