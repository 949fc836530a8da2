import { OptionError, RevelaError } from '../errors.js';
import { expectList, type OptionNames, refuseUnknownOptions } from '../known-options.js';
import { checkPicture, findPictures, type PicturePair, pairPictures } from '../images/index.js';
import { wholeNumber } from '../option-checks.js';

/** The shortest side that SSIM's window fits into, in pixels. */
const shortestSide = 11;

/** Which of many pictures are taken. */
export interface Selection {
  /** Takes only every so manyth, the first one included; default 1, all. */
  readonly every?: number | undefined;
  /** Takes at most so many, the first ones of those that `every` leaves; default: all. */
  readonly limit?: number | undefined;
  /** Stops between two pictures. */
  readonly signal?: AbortSignal | undefined;
  /** Gets a line for what folders and patterns leave out. */
  readonly onLeftOut?: ((line: string) => void) | undefined;
}

export const selectionNames: OptionNames<Selection> = {
  ...{ every: true, limit: true, signal: true, onLeftOut: true },
};

/** Options of {@link findPairs}. */
export interface FindPairsOptions extends Selection {
  /** Folders, files or patterns. */
  readonly noisy: string | readonly string[];
  /** Folders, files or patterns. */
  readonly clean: string | readonly string[];
}

const optionNames: OptionNames<FindPairsOptions> = { ...selectionNames, noisy: true, clean: true };

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
  refuseUnknownOptions('findPairs', options, optionNames);
  const { noisy, clean, signal } = options;
  const { pairs, spareClean } = pairPictures(
    await findPictures(listOf(noisy, 'noisy'), told(options)),
    await findPictures(listOf(clean, 'clean'), told(options)),
  );
  const checked: CheckedPair[] = [];
  for (const pair of selected(pairs, options)) {
    signal?.throwIfAborted();
    checked.push(await checkPair(pair));
  }
  return { pairs: checked, spareClean };
}

/** @throws OptionError if `every` or `limit` is no number of pictures */
export function selected<Item>(
  items: readonly Item[],
  { every = 1, limit = Number.MAX_SAFE_INTEGER }: Selection,
): readonly Item[] {
  wholeNumber(every, 1, Number.MAX_SAFE_INTEGER, 'every');
  wholeNumber(limit, 1, Number.MAX_SAFE_INTEGER, 'limit');
  return items.filter((_, i) => i % every === 0).slice(0, limit);
}

/** Of the options, what the search for pictures takes. */
export const told = ({ onLeftOut }: Selection): Pick<Selection, 'onLeftOut'> =>
  onLeftOut === undefined ? {} : { onLeftOut };

/** @throws OptionError for no list, or an empty one */
export function listOf(inputs: string | readonly string[], option: string): readonly string[] {
  const list = typeof inputs === 'string' ? [inputs] : inputs;
  expectList(list, option, 'folders, files or patterns');
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
