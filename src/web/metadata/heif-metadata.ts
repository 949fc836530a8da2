import { exifStructure, joined } from '../../images/anywhere.js';
import { present } from '../../present.js';
import type { FileMetadata } from './file-metadata.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** A box of the ISO base media file format, of which AVIF and HEIC files are made: its letters, and where its content lies. */
interface Box {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

const viewOf = (bytes: Bytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const lettersAt = (bytes: Bytes, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** The boxes that stand one after another; what is damaged ends the list. */
function boxesIn(bytes: Bytes, from: number, to: number): readonly Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    if (at + head > to) break;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < head || at + size > to) break;
    boxes.push({ kind: lettersAt(bytes, at + 4), from: at + head, to: at + size });
    at += size;
  }
  return boxes;
}

/** Reads numbers one after another. */
class Reading {
  readonly #view: DataView;
  at: number;

  constructor(bytes: Bytes, at: number) {
    this.#view = viewOf(bytes);
    this.at = at;
  }

  /** @param size bytes of the number: 0, 1, 2, 4 or 8 */
  take(size: number): number {
    const { at } = this;
    this.at += size;
    if (size === 0) return 0;
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at);
    return size === 4 ? this.#view.getUint32(at) : Number(this.#view.getBigUint64(at));
  }
}

/** The number of the item that holds EXIF. */
function exifItem(bytes: Bytes, list: Box): number | undefined {
  const from = list.from + (bytes[list.from] === 0 ? 6 : 8);
  for (const { kind, from: entry } of boxesIn(bytes, from, list.to)) {
    if (kind !== 'infe') continue;
    const size = bytes[entry] === 3 ? 4 : 2;
    if (lettersAt(bytes, entry + 4 + size + 2) === 'Exif') return new Reading(bytes, entry + 4).take(size);
  }
  return undefined;
}

/** The bytes of an item, whose places the box `iloc` tells. */
function itemOf(bytes: Bytes, places: Box, inside: Box | undefined, wanted: number): Bytes | undefined {
  const reading = new Reading(bytes, places.from);
  const version = reading.take(1);
  reading.at += 3;
  const [sizes, more] = [reading.take(1), reading.take(1)];
  const [ofOffset, ofLength, ofBase] = [sizes >>> 4, sizes & 15, more >>> 4];
  const ofIndex = version === 0 ? 0 : more & 15;
  const wide = version < 2 ? 2 : 4;
  const count = reading.take(wide);
  for (let i = 0; i < count && reading.at < places.to; i++) {
    const item = reading.take(wide);
    const way = version === 0 ? 0 : reading.take(2) & 15;
    reading.at += 2;
    const base = reading.take(ofBase) + (way === 1 ? (inside?.from ?? 0) : 0);
    const parts: Bytes[] = [];
    const extents = reading.take(2);
    for (let k = 0; k < extents && reading.at < places.to; k++) {
      reading.at += ofIndex;
      const from = base + reading.take(ofOffset);
      parts.push(bytes.subarray(from, from + reading.take(ofLength)));
    }
    if (item === wanted && way < 2) return joined(parts);
  }
  return undefined;
}

/** The numbers, from 1, of the properties of an item. */
function propertiesOf(bytes: Bytes, list: Box, wanted: number): readonly number[] {
  const reading = new Reading(bytes, list.from);
  const version = reading.take(1);
  reading.at += 2;
  const wide = (reading.take(1) & 1) === 1;
  const count = reading.take(4);
  for (let i = 0; i < count && reading.at < list.to; i++) {
    const item = reading.take(version === 0 ? 2 : 4);
    const length = reading.take(1);
    // The highest bit says that readers must know the property.
    const numbers = Array.from({ length }, () => reading.take(wide ? 2 : 1) & (wide ? 0x7fff : 0x7f));
    if (item === wanted) return numbers;
  }
  return [];
}

/** The colour profile of the main picture. */
function profileOf(bytes: Bytes, meta: readonly Box[]): Bytes | undefined {
  const [main, held] = ['pitm', 'iprp'].map((kind) => meta.find((box) => box.kind === kind));
  if (main === undefined || held === undefined) return undefined;
  const primary = new Reading(bytes, main.from + 4).take(bytes[main.from] === 0 ? 2 : 4);
  const boxes = boxesIn(bytes, held.from, held.to);
  const container = boxes.find(({ kind }) => kind === 'ipco');
  const all = container === undefined ? [] : boxesIn(bytes, container.from, container.to);
  const numbers = boxes
    .filter(({ kind }) => kind === 'ipma')
    .flatMap((list) => propertiesOf(bytes, list, primary));
  const profiles = numbers
    .flatMap((number) => all[number - 1] ?? [])
    .filter(({ kind, from }) => kind === 'colr' && /^(?:prof|rICC)$/.test(lettersAt(bytes, from)));
  const [first] = profiles;
  return first && bytes.slice(first.from + 4, first.to);
}

/** The colour profile and the EXIF of an AVIF or HEIC file, as they stand there; nothing of a damaged one. */
export function heifMetadata(bytes: Bytes): FileMetadata {
  const holder = boxesIn(bytes, 0, bytes.length).find(({ kind }) => kind === 'meta');
  if (holder === undefined) return {};
  const meta = boxesIn(bytes, holder.from + 4, holder.to);
  const [list, places, inside] = ['iinf', 'iloc', 'idat'].map((kind) =>
    meta.find((box) => box.kind === kind),
  );
  try {
    const item = list && exifItem(bytes, list);
    const block =
      item === undefined || places === undefined ? undefined : itemOf(bytes, places, inside, item);
    // Four bytes say how far on the structure begins.
    const from = block && block.length > 4 ? 4 + viewOf(block).getUint32(0) : 0;
    const exif =
      from > 0 && block !== undefined ? new Uint8Array(exifStructure(block.subarray(from))) : undefined;
    return present({ icc: profileOf(bytes, meta), exif });
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

/** The EXIF of a JPEG XL file, where it is not compressed; its decoder has brought the colours into sRGB. */
export function jxlMetadata(bytes: Bytes): FileMetadata {
  const box = boxesIn(bytes, 0, bytes.length).find(({ kind }) => kind === 'Exif');
  if (box === undefined || box.to - box.from < 4) return {};
  const from = box.from + 4 + viewOf(bytes).getUint32(box.from);
  return from < box.to ? { exif: bytes.slice(from, box.to) } : {};
}
