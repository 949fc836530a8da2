import { RevelaError } from '../errors.js';
import { deviceMemory, pixelsFor } from './device-memory.js';
import type { PageImage } from './page-image.js';

/** The most pixels of a result in a page of this device: 134 megapixels; fewer where the browser tells of less than 8 GiB of memory, 33 with 4 GiB. */
export const mostPixels = pixelsFor(deviceMemory());

const megapixels = (pixels: number): string =>
  `${pixels < 1e7 ? Math.round(pixels / 1e5) / 10 : Math.round(pixels / 1e6)} megapixels`;

/**
 * Refuses what would not fit into the memory of a page, before anything is computed.
 *
 * @param scale 1 for a result of the picture's size
 * @param limit pixels of a result; default: {@link mostPixels}
 * @throws RevelaError that says what would fit
 */
export function refuseTooLarge(
  { width, height }: Pick<PageImage, 'width' | 'height'>,
  scale: number,
  limit = mostPixels,
): void {
  const pixels = width * height * scale ** 2;
  if (pixels <= limit) return;
  const most = megapixels(limit / scale ** 2);
  throw new RevelaError(
    scale === 1
      ? `this picture has ${megapixels(pixels)}, and ${most} are the most that are worked on in a page of this device; use the command`
      : `the result would have ${megapixels(pixels)}; in a page of this device pictures of at most ${most} are enlarged ${scale} times`,
    { code: 'ERR_TOO_LARGE' },
  );
}
