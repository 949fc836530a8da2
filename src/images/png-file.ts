import { crc32 } from 'node:zlib';

/** A chunk of a PNG file. */
export interface PngChunk {
  /** Four letters. */
  readonly type: string;
  readonly data: Buffer;
  /** All of it, with its checksum, where it was read from a file. */
  readonly whole?: Buffer;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The chunks of a PNG file; `undefined` if it is none. One that is cut short ends the list. */
export function pngChunks(file: Uint8Array): readonly PngChunk[] | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!bytes.subarray(0, 8).equals(signature)) return undefined;
  const chunks: PngChunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) break;
    chunks.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, end),
      whole: bytes.subarray(at, end + 4),
    });
    at = end + 4;
  }
  return chunks;
}

/** A PNG file of its chunks. Those that were read are taken as they are: most of a file is pixels. */
export function assemblePng(chunks: readonly PngChunk[]): Buffer {
  return Buffer.concat([
    signature,
    ...chunks.flatMap(({ type, data, whole }) => {
      if (whole !== undefined) return [whole];
      const head = Buffer.alloc(8);
      head.writeUInt32BE(data.length, 0);
      head.write(type, 4, 'latin1');
      const check = Buffer.alloc(4);
      check.writeUInt32BE(crc32(data, crc32(head.subarray(4))), 0);
      return [head, data, check];
    }),
  ]);
}

/** A chunk of a type. */
export function pngChunk(type: string, ...parts: readonly Uint8Array[]): PngChunk {
  return { type, data: Buffer.concat(parts) };
}
