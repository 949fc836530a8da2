/**
 * Pixels as they lie in memory, of any layout and depth: sample `c` of the pixel at `(x, y)` is
 * `samples[(y * width + x) * pixelStep + c * channelStep]`, and `white` of it is 1.
 *
 * Decoders give interleaved integers, a {@link Picture} is planar float32; patches are cut from both alike.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for red, green, blue; more where several pictures of one place lie together. */
  readonly channels: number;
  readonly samples: Uint8Array | Uint16Array | Float32Array;
  readonly pixelStep: number;
  readonly channelStep: number;
  readonly white: number;
}
