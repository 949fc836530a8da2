import { byteOrder, type ExifDirectory, type ExifField, parseExif, pointerTags } from './exif-directory.js';

/** What the camera noted about the picture. Fields that the file does not hold are left out. */
export interface CameraFacts {
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
  /** Sensitivity. */
  readonly iso?: number;
  /** In seconds. */
  readonly exposureTime?: number;
  readonly fNumber?: number;
  /** In millimetres. */
  readonly focalLength?: number;
  /** As the camera writes it, `YYYY:MM:DD hh:mm:ss`. */
  readonly taken?: string;
}

const tags = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  xResolution: 0x011a,
  resolutionUnit: 0x0128,
  exposureTime: 0x829a,
  fNumber: 0x829d,
  iso: 0x8827,
  taken: 0x9003,
  focalLength: 0x920a,
  lens: 0xa434,
} as const;

/** The TIFF structure inside an EXIF block, which JPEG, WebP and AVIF begin with `Exif\0\0`. */
export function exifStructure(block: Uint8Array): Uint8Array {
  return String.fromCharCode(...block.subarray(0, 6)) === 'Exif\0\0' ? block.subarray(6) : block;
}

/**
 * A copy of the EXIF for pixels that have been turned upright: orientation 1, and no thumbnail, which would
 * still lie on its side and show the picture before restoration. All else stays where it is, because makers'
 * notes hold offsets of their own. `undefined` if the EXIF is malformed.
 */
export function uprightExif(exif: Uint8Array): Uint8Array | undefined {
  const directory = parseExif(exif);
  const order = byteOrder(exif);
  if (directory === undefined || order === undefined) return undefined;
  const upright = Uint8Array.from(exif); // not slice, which on a Buffer is no copy
  const view = new DataView(upright.buffer);
  const orientation = directory.fields.get(tags.orientation);
  if (orientation?.type === 3) view.setUint16(orientation.valueAt, 1, order.little);
  view.setUint32(directory.nextAt, 0, order.little);
  return upright;
}

/** The camera's fields of an EXIF structure. */
export function cameraFacts(exif: Uint8Array): CameraFacts {
  const main = parseExif(exif);
  const photo = main?.children.get(pointerTags.exif);
  const facts = {
    make: text(main, tags.make),
    model: text(main, tags.model),
    lens: text(photo, tags.lens),
    iso: number(photo, tags.iso),
    exposureTime: number(photo, tags.exposureTime),
    fNumber: number(photo, tags.fNumber),
    focalLength: number(photo, tags.focalLength),
    taken: text(photo, tags.taken),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Pixels per inch; `undefined` if the EXIF does not say. */
export function exifDensity(exif: Uint8Array): number | undefined {
  const main = parseExif(exif);
  const resolution = number(main, tags.xResolution);
  const unit = number(main, tags.resolutionUnit) ?? 2;
  if (resolution === undefined || resolution <= 0 || unit === 1) return undefined;
  return unit === 3 ? resolution * 2.54 : resolution;
}

function text(directory: ExifDirectory | undefined, tag: number): string | undefined {
  const field = directory?.fields.get(tag);
  if (field?.type !== 2) return undefined;
  const value = Buffer.from(field.bytes).toString('utf8').split('\0')[0]?.trim();
  return value === '' ? undefined : value;
}

function number(directory: ExifDirectory | undefined, tag: number): number | undefined {
  const field = directory?.fields.get(tag);
  const value = field === undefined || field.count === 0 ? undefined : firstNumber(field);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function firstNumber({ type, bytes }: ExifField): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 3) return view.getUint16(0, true);
  if (type === 4) return view.getUint32(0, true);
  return type === 5 ? view.getUint32(0, true) / view.getUint32(4, true) : undefined;
}
