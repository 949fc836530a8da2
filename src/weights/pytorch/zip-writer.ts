import { crc32 } from 'node:zlib';

/** A file in an archive. */
export interface ZipContent {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Archives are written without ZIP64, whose offsets have 64 bits. */
export const largestZip = 2 ** 32 - 1;

/** Where each entry's bytes begin: at a multiple of this, as PyTorch has it, so that they can be mapped into memory. */
const alignment = 64;
const [localLength, centralLength, endLength] = [30, 46, 22];
const [localSignature, centralSignature, endSignature] = [0x04034b50, 0x02014b50, 0x06054b50];
/** The names are UTF-8. */
const utf8Flag = 0x800;
const version = 20;
/** 1 January 1980, the first day that the format knows: the same weights make the same file. */
const date = 0x0021;
/** The extra field that fills up to the alignment: two letters as PyTorch's. */
const paddingId = 0x4246;

/**
 * The bytes of a ZIP archive of entries that are stored as they are, in pieces: most are the entries' own memory.
 *
 * @throws RangeError if it would be larger than {@link largestZip}
 */
export function zipChunks(contents: readonly ZipContent[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (chunk: Uint8Array): void => {
    chunks.push(chunk);
    at += chunk.length;
  };
  for (const { name, bytes } of contents) {
    const encoded = new TextEncoder().encode(name);
    const facts = { encoded, sum: crc32(bytes), length: bytes.length };
    directory.push(centralHeader(facts, at));
    add(localHeader(facts, at));
    add(bytes);
  }
  const directoryStart = at;
  for (const header of directory) add(header);
  add(endRecord(contents.length, directoryStart, at - directoryStart));
  if (at > largestZip)
    throw new RangeError(`an archive of ${at} bytes is more than the ${largestZip} of a ZIP`);
  return chunks;
}

interface EntryFacts {
  readonly encoded: Uint8Array;
  readonly sum: number;
  readonly length: number;
}

function localHeader(facts: EntryFacts, at: number): Uint8Array {
  const nameEnd = localLength + facts.encoded.length;
  // The padding has a head of 4 bytes: its id and its length.
  const padding = (alignment - ((at + nameEnd + 4) % alignment)) % alignment;
  const header = new Uint8Array(nameEnd + 4 + padding);
  const view = new DataView(header.buffer);
  view.setUint32(0, localSignature, true);
  setFacts(view, 4, facts);
  view.setUint16(28, 4 + padding, true);
  header.set(facts.encoded, localLength);
  view.setUint16(nameEnd, paddingId, true);
  view.setUint16(nameEnd + 2, padding, true);
  return header;
}

function centralHeader(facts: EntryFacts, at: number): Uint8Array {
  const header = new Uint8Array(centralLength + facts.encoded.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, centralSignature, true);
  view.setUint16(4, version, true);
  setFacts(view, 6, facts);
  view.setUint32(42, at % 2 ** 32, true);
  header.set(facts.encoded, centralLength);
  return header;
}

/** The 24 bytes that both headers of an entry have in the middle. */
function setFacts(view: DataView, at: number, { encoded, sum, length }: EntryFacts): void {
  view.setUint16(at, version, true);
  view.setUint16(at + 2, utf8Flag, true);
  view.setUint16(at + 4, 0, true); // stored
  view.setUint16(at + 6, 0, true); // midnight
  view.setUint16(at + 8, date, true);
  view.setUint32(at + 10, sum, true);
  view.setUint32(at + 14, length % 2 ** 32, true);
  view.setUint32(at + 18, length % 2 ** 32, true);
  view.setUint16(at + 22, encoded.length, true);
}

function endRecord(count: number, directoryStart: number, directoryLength: number): Uint8Array {
  const record = new Uint8Array(endLength);
  const view = new DataView(record.buffer);
  view.setUint32(0, endSignature, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, directoryLength, true);
  view.setUint32(16, directoryStart % 2 ** 32, true);
  return record;
}
