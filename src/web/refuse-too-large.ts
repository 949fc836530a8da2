import { RevelaError } from '../errors.js';
import type { PageImage } from './page-image.js';

/** The most pixels of a result in a page: 134 megapixels, whose values take 1.5 GiB while they are worked on. */
export const mostPixels = 2 ** 27;

const megapixels = (pixels: number): string => `${Math.round(pixels / 1e6)} megapixels`;

/**
 * Refuses what would not fit into the memory of a page, before anything is computed.
 *
 * @param scale 1 for a result of the picture's size
 * @throws RevelaError that says what would fit
 */
export function refuseTooLarge({ width, height }: Pick<PageImage, 'width' | 'height'>, scale: number): void {
  const pixels = width * height * scale ** 2;
  if (pixels <= mostPixels) return;
  const most = megapixels(mostPixels / scale ** 2);
  throw new RevelaError(
    scale === 1
      ? `this picture has ${megapixels(pixels)}, and ${most} are the most that are worked on in a page; use the command`
      : `the result would have ${megapixels(pixels)}; in a page pictures of at most ${most} are enlarged ${scale} times`,
    { code: 'ERR_TOO_LARGE' },
  );
}
