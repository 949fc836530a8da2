import { isNarrowGrey } from './av1-range.js';
import { type Box, boxesIn, boxOf } from './boxes.js';
import { isUsual } from './colour-codes.js';
import type { ColourCodes } from '../pixels/index.js';
import { shapeOfCounts } from './pixel-shape.js';
import { present } from '../present.js';

/** What an AVIF file says of its colours and of other pictures in it. */
export interface AvifFacts {
  readonly colours: ColourCodes | undefined;
  readonly lost: readonly string[];
  /** The width of a pixel by its height; `undefined` for square ones. */
  readonly pixelShape: number | undefined;
  /** Whether it has brightness alone, which the decoder gives from 16 to 235 of 255. */
  readonly narrowGrey: boolean;
  /** Whether it holds a sequence of pictures beside the one that is read. */
  readonly isAnimation: boolean;
  /** Whether the pictures in it are the parts of one, which the decoder puts together. */
  readonly oneGrid: boolean;
  /** How many of its pictures are smaller copies of the main one (a pyramid). */
  readonly copies: number;
  /** Width and height of a picture in it, where no decoder gives them. */
  readonly impossibleSize?: string;
}

/** Reads the boxes of an AVIF file. */
export function avifFacts(file: Uint8Array): AvifFacts {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const boxes = boxesIn(bytes);
  const meta = boxesIn(boxOf(boxes, 'meta')?.data.subarray(4) ?? Buffer.alloc(0));
  const { properties, own } = propertiesIn(meta);
  const kinds = entriesOf(boxOf(meta, 'iinf')).map(({ kind }) => kind);
  const copies = copiesIn(meta);
  const impossibleSize = properties.map(impossibleSizeOf).find((size) => size !== undefined);
  return {
    ...present({ impossibleSize }),
    colours: own.map(coloursOf).find((codes) => codes !== undefined),
    pixelShape: own.map(shapeOf).find((shape) => shape !== undefined),
    copies,
    narrowGrey: isNarrowGrey(own),
    lost: [
      ...(copies > 0 ? ['the smaller copies of the picture (a pyramid)'] : []),
      ...(kinds.includes('tmap') ? ['the gain map (HDR)'] : []),
      ...(own.some(({ type }) => type === 'clli' || type === 'mdcv') ? ['the light levels (HDR)'] : []),
    ],
    isAnimation: boxOf(boxes, 'moov') !== undefined,
    oneGrid: isOneGrid(meta),
  };
}

/** All properties of a file, and those of its main picture: a gain map, its own result and thumbnails have others. */
function propertiesIn(meta: readonly Box[]): {
  readonly properties: readonly Box[];
  readonly own: readonly Box[];
} {
  const { properties, lists } = propertyBoxes(meta);
  const primary = primaryIn(meta);
  if (primary === undefined || lists.length === 0) return { properties, own: properties };
  return { properties, own: propertiesOf(meta, primary) };
}

function propertyBoxes(meta: readonly Box[]) {
  const inner = boxesIn(boxOf(meta, 'iprp')?.data ?? Buffer.alloc(0));
  const properties = boxesIn(boxOf(inner, 'ipco')?.data ?? Buffer.alloc(0));
  return { properties, lists: inner.filter(({ type }) => type === 'ipma') };
}

/** The properties of an item. */
function propertiesOf(meta: readonly Box[], item: number): readonly Box[] {
  const { properties, lists } = propertyBoxes(meta);
  const numbers = lists.flatMap(({ data }) => associated(data, item));
  return numbers.flatMap((number) => properties[number - 1] ?? []);
}

/** The numbers, from 1, of the properties that a list associates with an item. */
function associated(data: Buffer, item: number): readonly number[] {
  const numbers: number[] = [];
  const wide = ((data[3] ?? 0) & 1) === 1;
  const idSize = data[0] === 0 ? 2 : 4;
  const size = wide ? 2 : 1;
  for (let at = 8; at + idSize + 1 <= data.length; ) {
    const id = data.readUIntBE(at, idSize);
    const from = at + idSize + 1;
    const to = from + (data[at + idSize] ?? 0) * size;
    // The highest bit says that readers must know the property.
    if (id === item)
      for (let place = from; place + size <= Math.min(to, data.length); place += size)
        numbers.push(data.readUIntBE(place, size) & (wide ? 0x7fff : 0x7f));
    at = to;
  }
  return numbers;
}

/** Whether the main picture is made of all others that are pictures of their own. */
function isOneGrid(meta: readonly Box[]): boolean {
  const primary = primaryIn(meta);
  const list = boxOf(meta, 'iref');
  if (primary === undefined || list === undefined) return false;
  const wide = list.data[0] === 1;
  const parts = new Set<number>();
  const companions = new Set<number>();
  for (const { type, data } of boxesIn(list.data.subarray(4))) {
    const [from, ...to] = numbersOf(data, wide);
    if (from === undefined) continue;
    if (type === 'dimg' && from === primary) for (const id of to) parts.add(id);
    if (type === 'auxl' || type === 'thmb' || type === 'cdsc') companions.add(from);
  }
  const pictures = entriesOf(boxOf(meta, 'iinf')).filter(({ kind }) => kind === 'av01' || kind === 'grid');
  return parts.size > 0 && pictures.every(({ id }) => id === primary || parts.has(id) || companions.has(id));
}

/** How many pictures are smaller copies of the main one: those of a pyramid of which it is the largest. */
function copiesIn(meta: readonly Box[]): number {
  const primary = primaryIn(meta);
  const groups = boxesIn(boxOf(meta, 'grpl')?.data ?? Buffer.alloc(0));
  for (const { type, data } of groups) {
    if (type !== 'pymd' || data.length < 12) continue;
    const ids = Array.from({ length: Math.min(data.readUInt32BE(8), (data.length - 12) >> 2) }, (_, i) =>
      data.readUInt32BE(12 + 4 * i),
    );
    const others = new Set(ids.filter((id) => id !== primary));
    if (primary === undefined || !ids.includes(primary)) continue;
    const own = areaOf(meta, primary);
    if ([...others].every((id) => areaOf(meta, id) < own)) return others.size;
  }
  return 0;
}

/** The pixels of an item, as its properties say. */
function areaOf(meta: readonly Box[], item: number): number {
  const [size] = propertiesOf(meta, item).filter(({ type, data }) => type === 'ispe' && data.length >= 12);
  return size === undefined ? 0 : size.data.readUInt32BE(4) * size.data.readUInt32BE(8);
}

/** An item, how many it refers to, and these. */
function numbersOf(data: Buffer, wide: boolean): readonly number[] {
  const size = wide ? 4 : 2;
  const numbers: number[] = [];
  for (let at = 0; at + size <= data.length; at += at === size ? 2 : size)
    if (at !== size) numbers.push(data.readUIntBE(at, size));
  return numbers;
}

/** The longest side that AV1 codes. */
const longestSide = 65_536;

function impossibleSizeOf({ type, data }: Box): string | undefined {
  if (type !== 'ispe' || data.length < 12) return undefined;
  const sides = [data.readUInt32BE(4), data.readUInt32BE(8)];
  return sides.every((side) => side > 0 && side <= longestSide) ? undefined : sides.join('×');
}

function shapeOf({ type, data }: Box): number | undefined {
  return type === 'pasp' && data.length >= 8
    ? shapeOfCounts(data.readUInt32BE(4), data.readUInt32BE(0))
    : undefined;
}

function coloursOf({ type, data }: Box): ColourCodes | undefined {
  if (type !== 'colr' || data.length < 11 || data.toString('latin1', 0, 4) !== 'nclx') return undefined;
  const codes = { primaries: data.readUInt16BE(4), transfer: data.readUInt16BE(6), fullRange: true };
  return isUsual(codes) ? undefined : codes; // the range is of the brightness as coded, not of red, green and blue
}

/** The items that a file lists: their numbers and kinds. */
function entriesOf(list: Box | undefined): readonly { readonly id: number; readonly kind: string }[] {
  if (list === undefined || list.data.length < 6) return [];
  const entries = list.data.subarray(list.data[0] === 0 ? 6 : 8);
  return boxesIn(entries).flatMap(({ data }) => {
    const wide = data[0] === 3;
    const at = wide ? 10 : 8;
    if (data.length < at + 4) return [];
    const id = wide ? data.readUInt32BE(4) : data.readUInt16BE(4);
    return [{ id, kind: data.toString('latin1', at, at + 4) }];
  });
}

/** The number of the main picture. */
export function primaryIn(meta: readonly Box[]): number | undefined {
  const data = boxOf(meta, 'pitm')?.data;
  if (data === undefined || data.length < (data[0] === 0 ? 6 : 8)) return undefined;
  return data[0] === 0 ? data.readUInt16BE(4) : data.readUInt32BE(4);
}
