import { type FleetPicture, mostPictures } from './job.js';

/** Pictures with fewer pixels than this are small: what one costs in the queue is worth saving. */
const smallPixels = 250_000;

/** A picture of which the size is known. */
export interface SizedPicture extends FleetPicture {
  readonly pixels: number;
}

/**
 * Puts small pictures together, up to 64; every other is alone. Where a bundle ends depends on what is in its last picture, so that
 * pictures which come, go or are done already change the bundles next to them only, and the others stay the same jobs.
 *
 * @example
 * for await (const pictures of bundles(sized)) await queue.add(…);
 */
export async function* bundles(
  pictures: AsyncIterable<SizedPicture>,
): AsyncGenerator<readonly FleetPicture[], void, undefined> {
  let open: FleetPicture[] = [];
  for await (const { pixels, ...picture } of pictures) {
    if (pixels >= smallPixels) {
      yield [picture];
      continue;
    }
    open.push(picture);
    if (open.length < mostPictures && !endsBundle(picture)) continue;
    yield open;
    open = [];
  }
  if (open.length > 0) yield open;
}

/** One picture in 32, by its content. */
const endsBundle = ({ sha256 }: FleetPicture): boolean => Number.parseInt(sha256.slice(0, 2), 16) < 8;
