/** A box of the ISO base media file format, of which AVIF files are made. */
export interface Box {
  /** Four letters. */
  readonly type: string;
  /** Where it begins and ends in the bytes that were looked at. */
  readonly from: number;
  readonly to: number;
  readonly data: Buffer;
}

/** The boxes that stand one after the other in some bytes; what is damaged ends the list. */
export function boxesIn(bytes: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const long = short === 1;
    if (long && at + 16 > bytes.length) break;
    const size = long ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    const head = long ? 16 : 8;
    if (size < head || at + size > bytes.length) break;
    boxes.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      from: at,
      to: at + size,
      data: bytes.subarray(at + head, at + size),
    });
    at += size;
  }
  return boxes;
}

/** A box of its contents. */
export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
}

/** The box of a type. */
export function boxOf(boxes: readonly Box[], type: string): Box | undefined {
  return boxes.find((candidate) => candidate.type === type);
}
