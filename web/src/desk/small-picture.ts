import { decodeImage, forScreen, mostPixels, readCapture, sizeOfFile } from 'revela/web';
import type { Outcome } from './protocol.js';

/** The longer side of a small picture, in pixels. */
const SIDE = 192;

/** The browser's own pixels; of WebP files, which not every browser turns upright, and of those that it does not open ours. */
async function upright(file: Blob): Promise<ImageBitmap> {
  const own = file.type === 'image/webp' ? undefined : await createImageBitmap(file).catch(() => undefined);
  if (own !== undefined) return own;
  const { data, width, height } = forScreen(await decodeImage(file)); // or it says what is wrong with the file
  return createImageBitmap(new ImageData(data, width, height));
}

/**
 * A small picture of a file, and the size of the whole; the size alone where it is too large to be decoded.
 *
 * @throws RevelaError for what is no picture, or damaged
 */
export async function smallPicture(file: Blob): Promise<Outcome> {
  const told = await sizeOfFile(file);
  if (told !== undefined && told.width * told.height > mostPixels) return { size: told };
  const whole = await upright(file);
  const { width, height } = whole;
  const share = Math.min(1, SIDE / Math.max(width, height));
  const small = await createImageBitmap(whole, {
    resizeWidth: Math.max(1, Math.round(width * share)),
    resizeHeight: Math.max(1, Math.round(height * share)),
    resizeQuality: 'medium',
  });
  whole.close();
  const context = new OffscreenCanvas(small.width, small.height).getContext('2d');
  context?.drawImage(small, 0, 0);
  const pixels = context?.getImageData(0, 0, small.width, small.height);
  const capture = pixels === undefined ? {} : { capture: await readCapture(file, pixels) };
  return { size: { width, height }, small, ...capture };
}
