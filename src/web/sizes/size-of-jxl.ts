import type { FileSize } from '../size-of-file.js';

/** Width by height, where a file names one of these instead of its width. */
const shares = [1, 1.2, 4 / 3, 1.5, 16 / 9, 1.25, 2];

const lettersAt = (view: DataView, at: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));

/** Where the code of the picture begins: at once, or in a box. */
function startOf(view: DataView): number | undefined {
  if (view.getUint16(0) === 0xff0a) return 0;
  for (let at = 0; at + 16 <= view.byteLength; ) {
    const kind = lettersAt(view, at + 4);
    if (kind === 'jxlc') return at + 8;
    if (kind === 'jxlp') return at + 12; // the first of its parts, after their number
    const length = view.getUint32(at);
    if (length < 8) return undefined;
    at += length;
  }
  return undefined;
}

/** The size that a JPEG XL file tells, of its first bytes. */
export function jxlSize(view: DataView): FileSize | undefined {
  const start = startOf(view);
  if (start === undefined || start + 12 > view.byteLength) return undefined;
  let bit = 8 * (start + 2);
  const take = (bits: number): number => {
    let value = 0;
    for (let i = 0; i < bits; i++, bit++) value += ((view.getUint8(bit >>> 3) >>> (bit & 7)) & 1) * 2 ** i;
    return value;
  };
  const small = take(1) === 1;
  const side = (): number => (small ? 8 * (1 + take(5)) : 1 + take([9, 13, 18, 30][take(2)] ?? 0));
  const height = side();
  const share = shares[take(3) - 1];
  return { width: share === undefined ? side() : Math.floor(height * share + 1e-6), height };
}
