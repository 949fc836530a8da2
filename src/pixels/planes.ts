/** The size of planes `[channels, height, width]`. */
export interface PlanesSize {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** Planes of a picture, of grey or of red, green and blue; a `Picture` is some. */
export interface Planes extends PlanesSize {
  /** `[channels, height, width]`, in [0, 1]. */
  readonly data: Float32Array;
  /** The depth of its file; default 8. Pictures are measured on 16 bits where both have them. */
  readonly bitDepth?: 8 | 16;
}

/** One plane of numbers, `[height, width]`. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Float64Array;
}
