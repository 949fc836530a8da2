import { type Capture, captureFacts, type Glance, glanceSide } from '../images/anywhere.js';
import { lumaOfColour, shrinkByArea } from '../pixels/index.js';
import { fileMetadata } from './metadata/file-metadata.js';
import { forScreen, type PageImage } from './page-image.js';

/** A picture at a glance: the grey of 16 × 16 cells. */
function glanceOf(image: PageImage): Glance {
  const { data, width, height } = forScreen(image);
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const raster = { width, height, channels: 3, samples, pixelStep: 4, channelStep: 1, white: 255 } as const;
  // Smaller pictures are looked at as they are, several cells to a pixel.
  const size = { width: Math.min(width, glanceSide), height: Math.min(height, glanceSide) };
  const cells = shrinkByArea(raster, size);
  const area = size.width * size.height;
  return Uint8Array.from({ length: glanceSide ** 2 }, (_, i) => {
    const x = Math.floor(((i % glanceSide) * size.width) / glanceSide);
    const y = Math.floor((Math.floor(i / glanceSide) * size.height) / glanceSide);
    const at = y * size.width + x;
    return Math.round(255 * lumaOfColour(cells[at] ?? 0, cells[area + at] ?? 0, cells[2 * area + at] ?? 0));
  });
}

/**
 * When and by what a picture was taken, as its file says, and how it looks at a glance: what `groupBursts` goes by.
 *
 * @param small the picture, upright, of any size
 *
 * @example
 * const captures = [await readCapture(file, await decodeImage(file))]; // of each file
 * for (const burst of groupBursts(captures, { gap: 5 })) console.log(burst.length);
 */
export async function readCapture(file: Blob, small: PageImage): Promise<Capture> {
  const { exif } = await fileMetadata(new Uint8Array(await file.arrayBuffer()));
  return { ...captureFacts(exif), glance: glanceOf(small) };
}
