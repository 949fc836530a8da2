import { byteOrder } from './exif-directory.js';

/** How pixels lie: 1 upright, 2 to 8 as EXIF numbers the ways of turning and mirroring them. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;

/**
 * The orientation that an EXIF structure or a TIFF file says: that of the first of its entries that says one, of whatever
 * type; `undefined` if none does.
 */
export function orientationOf(structure: Uint8Array): Orientation | undefined {
  const { view, little, entries } = orientationEntries(structure);
  for (const entry of entries) {
    const value = numberOf(view, entry, little);
    if (isOrientation(value)) return value;
  }
  return undefined;
}

/** Makes every orientation of an EXIF structure say that the pixels are upright. Changes the bytes. */
export function setUpright(structure: Uint8Array): void {
  const { view, little, entries } = orientationEntries(structure);
  for (const entry of entries) {
    view.setUint16(entry + 2, 3, little); // a short
    view.setUint32(entry + 4, 1, little);
    view.setUint32(entry + 8, 0, little);
    view.setUint16(entry + 8, 1, little);
  }
}

/** Whether an orientation swaps width and height. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** Interleaved samples and their size, lying as they do in a file. */
interface Lying<Samples> {
  readonly width: number;
  readonly height: number;
  readonly samples: Samples;
}

/** The samples upright, with the size that they then have. */
export function turned<Samples extends Uint8Array | Uint16Array>(
  { width, height, samples }: Lying<Samples>,
  bands: number,
  orientation: Orientation,
  create: (length: number) => Samples,
): Lying<Samples> {
  if (orientation === 1) return { width, height, samples };
  const swaps = swapsSides(orientation);
  const size = swaps ? { width: height, height: width } : { width, height };
  const upright = create(samples.length);
  // Where the first pixel of the file goes, and how far a step right or down in the file leads.
  const mirrorX = [2, 3, 6, 7].includes(orientation);
  const mirrorY = [3, 4, 7, 8].includes(orientation);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, down] = swaps ? [y, x] : [x, y];
      const toX = mirrorX ? size.width - 1 - right : right;
      const toY = mirrorY ? size.height - 1 - down : down;
      const to = (toY * size.width + toX) * bands;
      const from = (y * width + x) * bands;
      for (let band = 0; band < bands; band++) upright[to + band] = samples[from + band] ?? 0;
    }
  }
  return { ...size, samples: upright };
}

/** Whether a number is one of the ways in which pixels lie. */
export function isOrientation(value: number | undefined): value is Orientation {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8;
}

/** Where the entries of the first directory stand that say an orientation. */
function orientationEntries(structure: Uint8Array): {
  readonly view: DataView;
  readonly little: boolean;
  readonly entries: readonly number[];
} {
  const view = new DataView(structure.buffer, structure.byteOffset, structure.byteLength);
  const little = byteOrder(structure)?.little;
  const entries: number[] = [];
  if (little === undefined || view.byteLength < 8) return { view, little: true, entries };
  const at = view.getUint32(4, little);
  const count = at + 2 <= view.byteLength ? view.getUint16(at, little) : 0;
  for (let i = 0, entry = at + 2; i < count && entry + 12 <= view.byteLength; i++, entry += 12)
    if (view.getUint16(entry, little) === orientationTag) entries.push(entry);
  return { view, little, entries };
}

/** The first value of an entry, of any type. */
function numberOf(view: DataView, entry: number, little: boolean): number | undefined {
  const type = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const far = (bytes: number): number | undefined => {
    const at = view.getUint32(entry + 8, little);
    return at + bytes <= view.byteLength ? at : undefined;
  };
  if (count === 0) return undefined;
  if (type === 2) return Number.parseInt(String.fromCharCode(view.getUint8(entry + 8)), 10);
  if (type === 1 || type === 6 || type === 7) return count > 4 ? undefined : view.getUint8(entry + 8);
  if (type === 3 || type === 8) return count > 2 ? undefined : view.getUint16(entry + 8, little);
  if (type === 4 || type === 9) return count > 1 ? undefined : view.getUint32(entry + 8, little);
  if (type === 11) return count > 1 ? undefined : view.getFloat32(entry + 8, little);
  const at = far(8);
  if (at === undefined) return undefined;
  if (type === 5 || type === 10) return view.getUint32(at, little) / view.getUint32(at + 4, little);
  return type === 12 ? view.getFloat64(at, little) : undefined;
}
