import { readBlob } from '../read-blob.js';
import type { FileSize } from '../size-of-file.js';

const [widthTag, heightTag] = [0x0100, 0x0101];
const short = 3;

/** The size that the first directory of a TIFF file tells; of a BigTIFF too, whose numbers of 8 bytes tell one that fits into 4. */
export async function tiffSize(file: Blob): Promise<FileSize | undefined> {
  const read = async (from: number, length: number): Promise<DataView> =>
    new DataView((await readBlob(file, from, length)).buffer);
  const head = await read(0, 16);
  if (head.byteLength < 16) return undefined;
  const little = head.getUint8(0) === 0x49;
  const big = head.getUint16(2, little) === 43;
  const long = (view: DataView, at: number): number =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const at = long(head, big ? 8 : 4);
  const count = await read(at, 8);
  if (count.byteLength < 8) return undefined;
  const entries = big ? long(count, 0) : count.getUint16(0, little);
  const each = big ? 20 : 12;
  const list = await read(at + (big ? 8 : 2), Math.min(entries, 4096) * each);
  const found = new Map<number, number>();
  for (let entry = 0; entry + each <= list.byteLength; entry += each) {
    const type = list.getUint16(entry + 2, little);
    const value = entry + each - (big ? 8 : 4);
    found.set(
      list.getUint16(entry, little),
      type === short ? list.getUint16(value, little) : long(list, value),
    );
  }
  const [width, height] = [found.get(widthTag), found.get(heightTag)];
  return width === undefined || height === undefined ? undefined : { width, height };
}
