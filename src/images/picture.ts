import type { PictureFormat } from './formats.js';

/** What a file says about its picture apart from the pixels; carried over to the written file. */
export interface PictureMetadata {
  /** The ICC profile that gives the pixel values their colours. */
  readonly icc?: Uint8Array;
  /** EXIF as a TIFF structure, with the orientation 1 (the pixels are upright) and without a thumbnail. */
  readonly exif?: Uint8Array;
  /** The XMP packet, UTF-8. */
  readonly xmp?: Uint8Array;
  /** Pixels per inch, as printed sizes want it. */
  readonly density?: number;
}

/**
 * A decoded picture, upright, in the colour space of its file.
 *
 * Values are not converted: a Display P3 photograph holds Display P3 values, and `metadata.icc` says so.
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  /** Planar, `[channels, height, width]`, in [0, 1], encoded as in the file (not linear light). */
  readonly data: Float32Array;
  /** The opacity plane `[height, width]` as it was in the file: a `Uint8Array` up to 255 or a `Uint16Array` up to 65535. */
  readonly alpha?: Uint8Array | Uint16Array;
  /** The depth of the file it came from, and that PNG and TIFF files are written with. */
  readonly bitDepth: 8 | 16;
  /** The kind of file it came from. */
  readonly format: PictureFormat;
  readonly metadata: PictureMetadata;
}
