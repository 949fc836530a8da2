/** The size of planes `[channels, height, width]`. */
export interface PlanesSize {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** Colour planes `[channels, height, width]`, in [0, 1]; a `Picture` is some. */
export interface Planes extends PlanesSize {
  readonly data: Float32Array;
}

/** One plane of numbers, `[height, width]`. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Float64Array;
}
