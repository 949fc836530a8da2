import { findRangeFactor, type Picture } from '../images/index.js';
import type { Progress } from '../training/index.js';

/** Tells that a picture lies so low in the range of its file that it is worked on multiplied, and brought back. */
export async function tellRange(
  picture: Pick<Picture, 'bitDepth' | 'data'>,
  name: string,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<void> {
  const factor = await findRangeFactor(picture);
  if (factor === 1) return;
  onProgress?.({
    kind: 'note',
    message: `${name} uses the lowest ${Number((90 / factor).toPrecision(2))} % of its range: it is worked on multiplied by ${Number(factor.toPrecision(3))}, and brought back`,
  });
}
