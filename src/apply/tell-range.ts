import { describePicture, findRangeFactor, readPicture } from '../images/index.js';
import type { RangedPicture } from '../pixels/index.js';
import type { Progress } from './progress.js';

/** Tells that a picture lies so low in the range of its file that it is worked on multiplied, and brought back. */
export async function tellRange(
  picture: RangedPicture,
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

/** So many pictures of a training are looked at. */
const MOST_LOOKED_AT = 16;

/**
 * Tells that pictures to learn from lie so low in the range of their files that each is learnt from multiplied, and by how
 * much. Of many pictures, some are looked at.
 *
 * @throws RevelaError if one cannot be read
 */
export async function tellRanges(files: readonly string[], tell: (line: string) => void): Promise<void> {
  const step = Math.max(1, files.length / MOST_LOOKED_AT);
  const looked = Array.from(
    { length: Math.min(files.length, MOST_LOOKED_AT) },
    (_, i) => files[Math.floor(i * step)] ?? '',
  );
  const factors: number[] = [];
  for (const file of looked) {
    const { bitDepth } = await describePicture(file);
    const factor = bitDepth === 16 ? await findRangeFactor(await readPicture(file)) : 1;
    if (factor !== 1) factors.push(factor);
  }
  if (factors.length === 0) return;
  const [least, most] = [Math.min(...factors), Math.max(...factors)].map((factor) =>
    Number(factor.toPrecision(3)),
  );
  const many = looked.length < files.length ? ` that were looked at (of ${files.length})` : '';
  tell(
    `${factors.length} of ${looked.length} pictures${many} use a low part of their range: each such picture is learnt from multiplied by a factor of its own, ${least === most ? `${least}` : `${least} to ${most}`}`,
  );
}
