import { RevelaError } from '../../errors.js';
import { type Capture, readCapture } from '../../images/index.js';
import { checked, settled } from '../../options/index.js';
import { type BurstOptions, burstOptions } from './burst-options.js';
import { groupBursts } from './group-bursts.js';
import { present } from '../../present.js';

/** A picture of a burst. */
export interface BurstPicture {
  readonly picture: string;
  /** When it was taken, as ISO 8601 writes it; missing where its file does not say. */
  readonly taken?: string;
}

/** Pictures in their bursts. */
export interface FoundBursts {
  /** In the order of their first pictures; a picture that is alone is a burst of one. Each is in the order of time. */
  readonly bursts: readonly (readonly BurstPicture[])[];
  /** How many pictures have no time; those were compared with their neighbours in the order they came. */
  readonly untimed: number;
  readonly failures: readonly { readonly picture: string; readonly message: string }[];
}

/** A picture on its way into a burst. */
interface Candidate extends Capture {
  readonly picture: string;
}

/**
 * Groups pictures into bursts: those that one camera took shortly after each other and that look alike. A picture belongs to
 * the burst of the one before it if no more than `gap` seconds lie between them and they are at least as alike as
 * `likeness`. Times are those of EXIF (DateTimeOriginal, with the fraction of the second and the offset from UTC where
 * these are there). Pictures without a time are compared with their neighbours among those, in the order they came, by
 * likeness alone.
 *
 * @param files paths of pictures
 * @throws OptionError for an option out of its range; the reason of the signal, when it is aborted
 *
 * @example
 * const { bursts } = await findBursts(await findPictures(['shots/']), { gap: 3 });
 */
export async function findBursts(files: readonly string[], options: BurstOptions = {}): Promise<FoundBursts> {
  const asked = settled(burstOptions, checked('findBursts', burstOptions, options));
  const { gap, likeness: least, signal } = asked;
  const candidates: Candidate[] = [];
  const failures: { readonly picture: string; readonly message: string }[] = [];
  for (const picture of files) {
    signal?.throwIfAborted();
    try {
      candidates.push({ picture, ...(await readCapture(picture)) });
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ picture, message: error.message });
    }
  }
  return {
    bursts: groupBursts(candidates, { gap, likeness: least }).map((burst) =>
      burst.map(({ picture, time }) => ({ picture, ...present({ taken: time?.text }) })),
    ),
    untimed: candidates.filter(({ time }) => time === undefined).length,
    failures,
  };
}
