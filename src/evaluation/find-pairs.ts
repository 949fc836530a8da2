import { OptionError, RevelaError } from '../errors.js';
import { checked } from '../options/index.js';
import { checkPicture, findPictures, type PicturePair, pairPictures } from '../images/index.js';
import { type FindPairsOptions, findPairsOptions, type Selection } from './finding-options.js';
import { present } from '../present.js';

/** The shortest side that SSIM's window fits into, in pixels. */
const shortestSide = 11;

/** Two pictures of one scene that can be compared. */
export interface CheckedPair extends PicturePair {
  readonly width: number;
  readonly height: number;
}

/** What {@link findPairs} found. */
export interface FoundPairs {
  /** In natural order of the noisy pictures' names. */
  readonly pairs: readonly CheckedPair[];
  /** Clean pictures that no noisy one belongs to. */
  readonly spareClean: readonly string[];
}

/**
 * Finds noisy pictures and the clean ones that belong to them, see `pairPictures`, and decodes each once: a broken one
 * should not end a work that has run for hours.
 *
 * @throws RevelaError if pictures are missing or broken, do not pair up, differ in size within a pair, or are smaller
 *   than 11 × 11 pixels
 *
 * @example
 * const { pairs } = await findPairs({ noisy: 'polyu/*_real.JPG', clean: 'polyu/*_mean.JPG', every: 4 });
 */
export async function findPairs(options: FindPairsOptions): Promise<FoundPairs> {
  const asked = checked('findPairs', findPairsOptions, options);
  const { noisy, clean, signal } = asked;
  const { pairs, spareClean } = pairPictures(
    await findPictures(listOf(noisy, 'noisy'), told(asked)),
    await findPictures(listOf(clean, 'clean'), told(asked)),
  );
  const found: CheckedPair[] = [];
  for (const pair of selected(pairs, asked)) {
    signal?.throwIfAborted();
    found.push(await checkPair(pair));
  }
  return { pairs: found, spareClean };
}

/** Those that are taken. */
export function selected<Item>(
  items: readonly Item[],
  { every = 1, limit = Number.MAX_SAFE_INTEGER }: Selection,
): readonly Item[] {
  return items.filter((_, i) => i % every === 0).slice(0, limit);
}

/** Of the options, what the search for pictures takes. */
export const told = ({ onLeftOut }: Selection): Pick<Selection, 'onLeftOut'> => present({ onLeftOut });

/** @throws OptionError for an empty list */
export function listOf(inputs: string | readonly string[], option: string): readonly string[] {
  const list = typeof inputs === 'string' ? [inputs] : inputs;
  if (list.length === 0) throw new OptionError(`\`${option}\` needs a folder, files or a pattern`);
  return list;
}

async function checkPair(pair: PicturePair): Promise<CheckedPair> {
  const [noisy, clean] = [await checkPicture(pair.noisy), await checkPicture(pair.clean)];
  const sizes = [noisy, clean].map(({ width, height }) => `${width}×${height}`);
  if (sizes[0] !== sizes[1])
    throw new RevelaError(
      `${pair.noisy} and ${pair.clean} have the sizes ${sizes.join(' and ')} (width × height); expected two pictures of one scene, pixel by pixel`,
    );
  const { width, height } = noisy;
  if (Math.min(width, height) < shortestSide)
    throw new RevelaError(
      `${pair.noisy} has ${width}×${height} pixels, and SSIM needs at least ${shortestSide}×${shortestSide}; leave it out`,
    );
  return { ...pair, width, height };
}
