import { RevelaError } from '../errors.js';
import { checked, settled } from '../options/index.js';
import { checkPicture, findPictures, pairLargeAndSmall, stemOf } from '../images/index.js';
import { listOf, selected, told } from './find-pairs.js';
import { type FindLargeOptions, findLargeOptions } from './finding-options.js';
import { leastSide, wholeSide } from '../runs/index.js';

/** A large picture to measure on. */
export interface LargePicture {
  /** For people. */
  readonly name: string;
  readonly large: string;
  /** Left out where it is made of the large one. */
  readonly small?: string;
  /** Of the large picture, cut to whole multiples of the scale. */
  readonly width: number;
  readonly height: number;
}

/** Large pictures, and how results are compared with them. */
export interface LargePictures {
  readonly pictures: readonly LargePicture[];
  readonly scale: number;
  readonly border: number;
  /** Small pictures that no large one belongs to. */
  readonly spareSmall: readonly string[];
}

/**
 * Finds large pictures to measure an upscaler on, and the small ones that belong to them where they are given, and decodes
 * each once: a broken one should not end a work that has run for hours.
 *
 * @throws RevelaError if pictures are missing or broken, do not pair up, are not `scale` times as large as their small ones,
 *   or too small to be measured
 *
 * @example
 * const set5 = await findLargePictures({ large: 'set5/GTmod12' });
 * const given = await findLargePictures({ large: 'set14/*_HR.png', small: 'set14/*_LR.png', scale: 4 });
 */
export async function findLargePictures(options: FindLargeOptions): Promise<LargePictures> {
  const asked = settled(findLargeOptions, checked('findLargePictures', findLargeOptions, options));
  const { scale, border = scale } = asked;
  const large = await findPictures(listOf(asked.large, 'large'), told(asked));
  const { pairs, spareSmall } =
    asked.small === undefined
      ? { pairs: large.map((file) => ({ name: stemOf(file), large: file })), spareSmall: [] }
      : pairLargeAndSmall(large, await findPictures(listOf(asked.small, 'small'), told(asked)));
  const pictures: LargePicture[] = [];
  for (const pair of selected<Omit<LargePicture, 'width' | 'height'>>(pairs, asked)) {
    asked.signal?.throwIfAborted();
    pictures.push(await checkedPair(pair, scale, border));
  }
  return { pictures, scale, border, spareSmall };
}

async function checkedPair(
  pair: Omit<LargePicture, 'width' | 'height'>,
  scale: number,
  border: number,
): Promise<LargePicture> {
  const { large, small } = pair;
  const whole = await checkPicture(large);
  const [width, height] = [wholeSide(whole.width, scale), wholeSide(whole.height, scale)];
  const least = leastSide(border);
  if (Math.min(width, height) < least)
    throw new RevelaError(
      `${large} has ${whole.width}×${whole.height} pixels, and at least ${least}×${least} are needed for SSIM and a border of ${border}; leave it out${border > 0 ? ', or give a smaller `border`' : ''}`,
    );
  if (small !== undefined) {
    const given = await checkPicture(small);
    if (given.width * scale !== width || given.height * scale !== height)
      throw new RevelaError(
        `${small} has ${given.width}×${given.height} pixels, and ${large} has ${whole.width}×${whole.height}: expected a small picture of ${width / scale}×${height / scale}, ${scale} times smaller`,
      );
    if (given.channels !== whole.channels)
      throw new RevelaError(`one of ${small} and ${large} is grey, and one has colours; make both alike`);
  }
  return { ...pair, width, height };
}
