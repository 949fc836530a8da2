import { isBigTiff } from './big-tiff.js';

/** What the pictures of a TIFF file are: pages, or smaller copies of one and masks of what is transparent in it. */
export interface TiffPages {
  readonly pages: number;
  readonly reduced: number;
  readonly masks: number;
  /** Whether the first picture of the file, which is the one that is read, is a smaller copy of another or a mask. */
  readonly firstIsNoPage: boolean;
}

const tags = { kind: 0x00fe, oldKind: 0x00ff, inner: 0x014a } as const;
const [reducedBit, maskBit] = [1, 4] as const;
/** In files from before 1992. */
const oldReduced = 2;

/** More pictures than a file of pages has, and fields than a directory has. */
const limits = { directories: 65_536, fields: 4096 } as const;

/**
 * Counts the pictures of a TIFF file, of either size of offsets, by what its directories say of them. Those inside of the
 * first one (SubIFDs) count as smaller copies of it.
 *
 * @returns `undefined` of another kind of file, and where it has no directory that can be read
 */
export function tiffPages(file: Uint8Array): TiffPages | undefined {
  const reading = readingOf(file);
  if (reading === undefined) return undefined;
  const visited = new Set<number>();
  let [pages, reduced, masks, firstIsNoPage] = [0, 0, 0, false];
  for (let at = reading.first; at !== 0 && !visited.has(at) && visited.size < limits.directories; ) {
    const directory = directoryAt(reading, at);
    if (directory === undefined) break;
    const { isReduced, isMask, inner, next } = directory;
    if (visited.size === 0) {
      firstIsNoPage = isReduced || isMask;
      reduced += inner;
    }
    if (isMask) masks++;
    else if (isReduced) reduced++;
    else pages++;
    visited.add(at);
    at = next;
  }
  return visited.size === 0 ? undefined : { pages, reduced, masks, firstIsNoPage };
}

/** A file, and how numbers stand in it. */
interface Reading {
  readonly view: DataView;
  readonly little: boolean;
  readonly big: boolean;
  readonly first: number;
}

function readingOf(file: Uint8Array): Reading | undefined {
  const mark = String.fromCharCode(...file.subarray(0, 4));
  const big = isBigTiff(file);
  if (!(big || mark === 'II*\0' || mark === 'MM\0*') || file.length < 16) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = file[0] === 0x49;
  return { view, little, big, first: offsetAt({ view, little, big }, big ? 8 : 4) };
}

const offsetAt = ({ view, little, big }: Omit<Reading, 'first'>, at: number): number =>
  big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);

function directoryAt(reading: Reading, at: number) {
  const { view, little, big } = reading;
  const [countSize, entrySize, offsetSize] = big ? [8, 20, 8] : [2, 12, 4];
  if (at + countSize > view.byteLength) return undefined;
  const count = big ? offsetAt(reading, at) : view.getUint16(at, little);
  const end = at + countSize + count * entrySize;
  if (count > limits.fields || end > view.byteLength) return undefined;
  let [isReduced, isMask, inner] = [false, false, 0];
  for (let entry = at + countSize; entry < end; entry += entrySize) {
    const tag = view.getUint16(entry, little);
    if (tag !== tags.kind && tag !== tags.oldKind && tag !== tags.inner) continue;
    const isShort = view.getUint16(entry + 2, little) === 3;
    const value = isShort
      ? view.getUint16(entry + (big ? 12 : 8), little)
      : view.getUint32(entry + (big ? 12 : 8), little);
    if (tag === tags.kind) [isReduced, isMask] = [(value & reducedBit) !== 0, (value & maskBit) !== 0];
    else if (tag === tags.oldKind) isReduced ||= value === oldReduced;
    else inner = Math.min(limits.directories, offsetAt(reading, entry + 4));
  }
  const next = end + offsetSize <= view.byteLength ? offsetAt(reading, end) : 0;
  return { isReduced, isMask, inner, next };
}

/** What of a file is no page and is not kept, for people. */
export function lostOfPages(pages: TiffPages | undefined): readonly string[] {
  return [
    ...(pages !== undefined && pages.reduced > 0 ? ['the smaller copies of the picture (overviews)'] : []),
    ...(pages !== undefined && pages.masks > 0 ? ['the mask of what is transparent'] : []),
  ];
}
