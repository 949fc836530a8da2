import { extname } from 'node:path';
import { isCameraRaw } from './formats.js';

/** What is not taken from folders and by patterns. */
export interface LeftOut {
  /** Files that are named like a picture and cannot be read: a line each. */
  readonly unreadable: readonly UnreadableFile[];
  /** What else, for people: `2 HEIC files, 1 GIF file`; `undefined` where there is nothing to tell. */
  readonly text: string | undefined;
}

/** A file that is named like a picture and cannot be read, and why. */
export interface UnreadableFile {
  readonly input: string;
  /** One line. */
  readonly message: string;
}

/** Kinds of picture that are not read, by extension. */
const otherKinds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    HEIC: '.heic .heif .hif',
    GIF: '.gif',
    BMP: '.bmp .dib',
    MPO: '.mpo',
    SVG: '.svg .svgz',
    'JPEG XL': '.jxl',
    'JPEG 2000': '.jp2 .j2k .jpf .jpx .j2c',
    'JPEG XR': '.jxr .wdp .hdp',
    APNG: '.apng',
    Photoshop: '.psd .psb',
    OpenEXR: '.exr',
    'Radiance HDR': '.hdr',
    Netpbm: '.pbm .pgm .ppm .pnm .pam .pfm',
    Targa: '.tga',
    FITS: '.fits .fit .fts',
    DICOM: '.dcm',
  }).flatMap(([kind, extensions]) => extensions.split(' ').map((extension) => [extension, kind] as const)),
);

/** The kind of picture that a file name stands for, where it is one that is not read; for people. */
export function otherPictureKind(path: string): string | undefined {
  return isCameraRaw(path) ? 'camera raw' : otherKinds.get(extname(path).toLowerCase());
}

/** Keeps what is left out, while pictures are searched for. */
export class LeftOutList implements LeftOut {
  readonly unreadable: UnreadableFile[] = [];
  readonly #counts = new Map<string, number>();
  readonly #plurals = new Map<string, string>();

  /** A file of another kind of picture; those that are no picture are not counted. */
  otherKind(path: string): void {
    const kind = otherPictureKind(path);
    if (kind !== undefined) this.count(`${kind} file`);
  }

  count(one: string, many = `${one}s`): void {
    this.#counts.set(one, (this.#counts.get(one) ?? 0) + 1);
    this.#plurals.set(one, many);
  }

  /** What was left out by kind, such as `2 HEIC files, 1 GIF file`; `undefined` where there is nothing to tell. */
  get text(): string | undefined {
    if (this.#counts.size === 0) return undefined;
    return [...this.#counts]
      .map(([one, count]) => `${count} ${count === 1 ? one : (this.#plurals.get(one) ?? one)}`)
      .join(', ');
  }
}
