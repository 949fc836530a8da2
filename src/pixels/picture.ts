import type { Planes } from './planes.js';

/** The kinds of file that pictures are read from and written to. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif';

/** All of them. */
export const pictureFormats = [
  'jpeg',
  'png',
  'webp',
  'tiff',
  'avif',
] as const satisfies readonly PictureFormat[];

/** A field of a TIFF structure, as EXIF is one. */
export interface ExifField {
  /** The TIFF type: 1 byte, 2 text, 3 short, 4 long, 5 rational, 7 undefined, … */
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where the field's value (or the offset of it) stands in the structure it was read from. */
  readonly valueAt: number;
  /** Where its bytes stand in that structure. */
  readonly from: number;
  /** Where its bytes stand already in the structure to be written; otherwise they are written where there is room. */
  readonly placed?: number;
}

/** Pixels per inch, across and down. */
export interface Density {
  readonly x: number;
  readonly y: number;
}

/** A text about a picture, as PNG files hold them. */
export interface PictureText {
  /** Such as `Title`, `Author` or `Comment`, as which the comment of a JPEG file is known. */
  readonly keyword: string;
  readonly text: string;
  /** A language tag such as `de`. */
  readonly language?: string;
  /** The keyword in that language. */
  readonly translated?: string;
}

/** The colours that values stand for, by the code points of ITU-T H.273 (`cICP` in PNG, `nclx` in AVIF files). */
export interface ColourCodes {
  readonly primaries: number;
  /** 16 is PQ and 18 is HLG, which are HDR. */
  readonly transfer: number;
  readonly fullRange: boolean;
}

/** What a file says about its picture apart from the pixels; carried over to the written file. */
export interface PictureMetadata {
  /** The ICC profile that gives the pixel values their colours. */
  readonly icc?: Uint8Array;
  /** EXIF as a TIFF structure, with the orientation 1 (the pixels are upright) and without a thumbnail. */
  readonly exif?: Uint8Array;
  /** The XMP packet, UTF-8. */
  readonly xmp?: Uint8Array;
  /** As printed sizes want it, and physical ones of microscopes. */
  readonly density?: Density;
  /** The width of a pixel by its height, of pixels that are not square and of which no density is known. */
  readonly pixelShape?: number;
  /** The colours, where no profile gives them. */
  readonly colours?: ColourCodes;
  /** Captions, keywords, by-lines: IPTC records (IIM). */
  readonly iptc?: Uint8Array;
  /** What Photoshop keeps beside a picture, in its own form: paths, guides, settings for printing. */
  readonly photoshop?: Uint8Array;
  readonly texts?: readonly PictureText[];
  /** Other fields of a TIFF file by their tags, such as the place on Earth. */
  readonly fields?: ReadonlyMap<number, ExifField>;
  /** What the file holds that is not kept, such as a gain map; for people. */
  readonly lost?: readonly string[];
}

/**
 * A decoded picture, upright, in the colour space of its file.
 *
 * Values are not converted: a Display P3 photograph holds Display P3 values, and `metadata.icc` says so.
 */
export interface Picture extends Planes {
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  /** Planar, `[channels, height, width]`, in [0, 1], encoded as in the file (not linear light). */
  readonly data: Float32Array;
  /** The opacity plane `[height, width]` as it was in the file: a `Uint8Array` up to 255 or a `Uint16Array` up to 65535. */
  readonly alpha?: Uint8Array | Uint16Array;
  /** The depth of the file it came from, and that PNG and TIFF files are written with. */
  readonly bitDepth: 8 | 16;
  /** The bits of a sample where they are fewer than that depth: 10 or 12, in AVIF files. */
  readonly sampleBits?: 10 | 12;
  /** Whether the file it came from keeps every value; a WebP or AVIF file made of it then does so too. */
  readonly lossless?: boolean;
  /** The kind of file it came from. */
  readonly format: PictureFormat;
  readonly metadata: PictureMetadata;
}
