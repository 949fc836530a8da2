/** The size of pixels that lie one after another. */
export interface PixelsSize {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** How a JPEG file is written. */
export interface JpegSettings {
  /** A whole number from 1 to 100. */
  readonly quality: number;
  readonly chromaSubsampling: '4:2:0' | '4:4:4';
}

/** Writes 8-bit pixels as a JPEG file in memory (libjpeg) and reads it again. */
export async function throughJpeg(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  size: PixelsSize,
  settings: JpegSettings,
): Promise<Uint8Array | Uint8ClampedArray> {
  const space = size.channels === 1 ? 'b-w' : 'srgb';
  const options = { limitInputPixels: false } as const;
  const { default: sharp } = await import('sharp');
  const file = await sharp(pixels, { ...options, raw: { ...size } })
    .toColourspace(space)
    .jpeg(settings)
    .toBuffer();
  return sharp(file, options).toColourspace(space).raw().toBuffer();
}
