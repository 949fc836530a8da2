import type { Density } from '../pixels/index.js';
import { present } from '../present.js';

/*
 * Photoshop's blocks of facts, in JPEG, TIFF and PNG files: signature, number, name, length, data. One of them is the IPTC;
 * some say what stands elsewhere in a file too, and some are about the pixels as they lay.
 */

interface Block {
  readonly number: number;
  readonly data: Buffer;
  /** All of it, with its padding. */
  readonly whole: Buffer;
}

/** What Photoshop's blocks of a file say. */
export interface PhotoshopFacts {
  /** Captions, keywords, by-lines: the records of all blocks of IPTC. */
  readonly iptc?: Uint8Array;
  readonly density?: Density;
  /** The blocks that stay true of a picture that is made of the file's. */
  readonly photoshop?: Uint8Array;
  /** What is not kept, for people. */
  readonly lost: readonly string[];
}

const signature = '8BIM';
/** Photoshop's own, and those of programs that took up the form. */
const signatures: ReadonlySet<string> = new Set([signature, 'PHUT', 'DCSR', 'AgHg', 'MeSa']);
const numbers = { density: 0x03ed, iptc: 0x0404 } as const;

/** Blocks that say what the file says elsewhere (sizes, profile, EXIF, XMP), thumbnails, the state of layers, check sums of IPTC. */
const needless: ReadonlySet<number> = new Set([
  ...[0x03e8, numbers.density, numbers.iptc, 0x0409, 0x040c, 0x040f, 0x0422, 0x0423, 0x0424],
  ...[0x0400, 0x0402, 0x0435, 0x042d, 0x0430, 0x0425],
]);

/** Guides, slices and counts stand at pixels. */
const atPixels: ReadonlySet<number> = new Set([0x0408, 0x041a, 0x0438]);

/** Paths have places by the picture's sides. */
const isPath = (number: number): boolean => number >= 0x07d0 && number <= 0x0bb7;

/**
 * Reads Photoshop's blocks.
 *
 * @param parts as they stand in the file, in which a block may go on from one to the next
 */
export function photoshopFacts(parts: readonly Uint8Array[]): PhotoshopFacts {
  const joined = blocksOf(Buffer.concat(parts));
  const read = joined.whole || parts.length === 1 ? [joined] : parts.map(blocksOf);
  const blocks = read.flatMap((part) => part.blocks);
  const records = blocks.filter(({ number }) => number === numbers.iptc).map(({ data }) => data);
  const iptc = Buffer.concat(records);
  const kept = blocks.filter(({ number }) => !needless.has(number)).map(({ whole }) => whole);
  const density = blocks.find(({ number, data }) => number === numbers.density && data.length >= 16)?.data;
  return {
    ...(iptc.length > 0 && { iptc }),
    ...present({ density: density && densityOf(density) }),
    ...(kept.length > 0 && { photoshop: Buffer.concat(kept) }),
    lost: read.every(({ whole }) => whole) ? [] : ["a part of Photoshop's data, which is damaged"],
  };
}

/** Pixels per inch, in 65,536ths, whatever unit is shown. */
function densityOf(data: Buffer): Density {
  return { x: data.readUInt32BE(0) / 65_536, y: data.readUInt32BE(8) / 65_536 };
}

function blocksOf(part: Uint8Array): { readonly blocks: readonly Block[]; readonly whole: boolean } {
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  const blocks: Block[] = [];
  let at = 0;
  while (at + 12 <= bytes.length && signatures.has(bytes.toString('latin1', at, at + 4))) {
    const name = (bytes[at + 6] ?? 0) + 1;
    const from = at + 10 + name + (name % 2);
    if (from > bytes.length) break;
    const end = from + bytes.readUInt32BE(from - 4);
    if (end > bytes.length) break;
    const next = end + ((end - from) % 2);
    const padded = Buffer.concat([bytes.subarray(at, end), new Uint8Array(next - end)]);
    blocks.push({ number: bytes.readUInt16BE(at + 4), data: bytes.subarray(from, end), whole: padded });
    at = next;
  }
  // Zeros fill up what is left.
  return { blocks, whole: bytes.subarray(at).every((byte) => byte === 0) };
}

/** Blocks without those that a change of the picture makes untrue, and what those were. */
export function photoshopOfChanged(
  photoshop: Uint8Array,
  change: 'turned' | 'resized',
): { readonly photoshop?: Uint8Array; readonly lost: readonly string[] } {
  const { blocks } = blocksOf(photoshop);
  const untrue = ({ number }: Block): boolean =>
    atPixels.has(number) || (change === 'turned' && isPath(number));
  const kept = blocks.filter((block) => !untrue(block)).map(({ whole }) => whole);
  const gone = blocks.filter(untrue);
  const names = [
    ...(gone.some(({ number }) => isPath(number)) ? ["Photoshop's paths"] : []),
    ...(gone.some(({ number }) => !isPath(number)) ? ["Photoshop's guides and slices"] : []),
  ];
  return {
    ...(kept.length > 0 && { photoshop: Buffer.concat(kept) }),
    lost: names.map((what) => `${what}, because the picture was ${change}`),
  };
}

/** What of blocks is lost in a file that has no place for them, for people. */
export function lostPhotoshop(photoshop: Uint8Array | undefined): readonly string[] {
  if (photoshop === undefined) return [];
  const { blocks } = blocksOf(photoshop);
  return [
    blocks.some(({ number }) => isPath(number)) ? "Photoshop's settings and paths" : "Photoshop's settings",
  ];
}

/** Photoshop's blocks: IPTC records, and others. */
export function photoshopWith(
  iptc: Uint8Array | undefined,
  others: Uint8Array = new Uint8Array(),
): Uint8Array {
  if (iptc === undefined) return others;
  const head = Buffer.alloc(12);
  head.write(signature, 'latin1');
  head.writeUInt16BE(numbers.iptc, 4);
  head.writeUInt32BE(iptc.length, 8);
  return Buffer.concat([head, iptc, new Uint8Array(iptc.length % 2), others]);
}
