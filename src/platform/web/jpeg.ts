/** The size of pixels that lie one after another. */
export interface PixelsSize {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** How a JPEG file is written; the browser decides on the chroma. */
export interface JpegSettings {
  /** A whole number from 1 to 100. */
  readonly quality: number;
  readonly chromaSubsampling: '4:2:0' | '4:4:4';
}

/** Writes 8-bit pixels as a JPEG file in memory, by the browser's encoder, and reads it again. */
export async function throughJpeg(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  { width, height, channels }: PixelsSize,
  { quality }: JpegSettings,
): Promise<Uint8Array | Uint8ClampedArray> {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = pixels[channels * i + (channels === 1 ? 0 : c)] ?? 0;
    image.data[4 * i + 3] = 255;
  }
  const context = contextOf(width, height);
  context.putImageData(image, 0, 0);
  const file = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 });
  const decoded = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  context.drawImage(decoded, 0, 0);
  decoded.close();
  const { data } = context.getImageData(0, 0, width, height);
  const result = new Uint8ClampedArray(channels * width * height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < channels; c++) result[channels * i + c] = data[4 * i + c] ?? 0;
  return result;
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser gives no canvas to encode on');
  return context;
}
