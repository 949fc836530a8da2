/** Photoshop's blocks of facts, in JPEG and TIFF files: signature, number, name, length, data. */
const signature = '8BIM';
const iptcNumber = 0x0404;

/** The IPTC records (captions, keywords, by-lines) among Photoshop's blocks; `undefined` if there are none. */
export function iptcOfPhotoshop(bytes: Uint8Array): Uint8Array | undefined {
  const blocks = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 12 <= blocks.length && blocks.toString('latin1', at, at + 4) === signature) {
    const name = (blocks[at + 6] ?? 0) + 1;
    const lengthAt = at + 6 + name + (name % 2);
    if (lengthAt + 4 > blocks.length) return undefined;
    const from = lengthAt + 4;
    const length = blocks.readUInt32BE(lengthAt);
    if (from + length > blocks.length) return undefined;
    if (blocks.readUInt16BE(at + 4) === iptcNumber)
      return length === 0 ? undefined : blocks.subarray(from, from + length);
    at = from + length + (length % 2);
  }
  return undefined;
}

/** Photoshop's blocks with IPTC records alone. */
export function photoshopOfIptc(iptc: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.write(signature, 'latin1');
  head.writeUInt16BE(iptcNumber, 4);
  head.writeUInt32BE(iptc.length, 8);
  return Buffer.concat([head, iptc, new Uint8Array(iptc.length % 2)]);
}
