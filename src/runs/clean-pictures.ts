import { RevelaError } from '../errors.js';
import type { PicturePair } from '../images/index.js';
import type { Progress } from '../apply/index.js';
import { measuredInput, picturePace } from '../apply/index.js';
import { present } from '../present.js';

/** A picture that was given as a clean one, and its noise: the deviation of its brightness, of 255. */
interface NoisyPicture<Item> {
  readonly item: Item;
  readonly file: string;
  readonly noise: number;
}

/** How pictures that are to be clean are looked at. */
export interface CleanPicturesOptions {
  /** Whether noisy ones are left out; otherwise they are told. */
  readonly leaveOutNoisy?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a training learns from, in its settings. */
interface CleanMaterial {
  readonly files: readonly string[];
  readonly pairs?: readonly PicturePair[];
  readonly included?: number;
}

/** From so much on, of 255 and of what would be taken away, what is learnt from a picture is its noise too. */
const NOISY = { deviation: 2.5, strength: 0.5 } as const;

/** Where noisy pictures are only told, it is not waited longer than so many milliseconds for that. */
const LONGEST = 30_000;

/** So many names stand in the line. */
const NAMES = 3;

/**
 * Measures the noise of pictures that were given as clean, and tells in one line how many are noisy, and which most: what
 * learns from them learns their noise. Where they are to be left out all are measured, else as many as half a minute allows,
 * spread over all.
 *
 * @param fileOf the clean picture of an item
 * @returns the items to learn from, in their order
 * @throws RevelaError if all would be left out
 *
 * @example
 * const files = await cleanPictures(found, (file) => file, { leaveOutNoisy: true });
 */
export async function cleanPictures<Item>(
  items: readonly Item[],
  fileOf: (item: Item) => string,
  options: CleanPicturesOptions,
): Promise<readonly Item[]> {
  const { noisy, measured } = await noisyAmong(items, fileOf, options);
  const [worst] = noisy;
  if (worst === undefined) return items;
  const { leaveOutNoisy = false } = options;
  if (leaveOutNoisy && noisy.length === items.length)
    throw new RevelaError(
      `all ${items.length} pictures that were given as clean are noisy, ${named([worst])} most; give others, or do without \`leaveOutNoisy\``,
    );
  const message = leaveOutNoisy
    ? `Left out: ${noisy.length} of ${items.length} pictures given as clean, which are noisy: ${named(noisy)}`
    : `Noisy: ${noisy.length} of ${measured} pictures given as clean${measured < items.length ? ` that were measured, of ${items.length}` : ''}: ${named(noisy)}; their noise is learnt too (\`leaveOutNoisy\` leaves them out)`;
  options.onProgress?.({ kind: 'note', message });
  if (!leaveOutNoisy) return items;
  const without = new Set(noisy.map(({ item }) => item));
  return items.filter((item) => !without.has(item));
}

/**
 * The settings of a training on pictures that are to be clean, or on pairs with clean ones, without the noisy ones where they
 * are to be left out.
 *
 * @throws RevelaError as {@link cleanPictures}
 */
export async function ofCleanPictures<Settings extends CleanMaterial>(
  settings: Settings,
  options: CleanPicturesOptions,
): Promise<Settings> {
  const { files, pairs, included } = settings;
  if (pairs === undefined) {
    const kept = await cleanPictures(files, (file) => file, options);
    if (kept.length === files.length) return settings;
    // Those that are to be denoised stand last.
    const last = new Set(files.slice(files.length - (included ?? 0)));
    const count = kept.filter((file) => last.has(file)).length;
    return { ...settings, files: kept, ...present({ included: included === undefined ? undefined : count }) };
  }
  const kept = await cleanPictures(pairs, ({ clean }) => clean, options);
  if (kept.length === pairs.length) return settings;
  return { ...settings, pairs: kept, files: kept.map(({ noisy }) => noisy) };
}

/** The noisy ones, the worst first, and how many were measured. */
async function noisyAmong<Item>(
  items: readonly Item[],
  fileOf: (item: Item) => string,
  { leaveOutNoisy = false, onProgress, signal }: CleanPicturesOptions,
): Promise<{ readonly noisy: readonly NoisyPicture<Item>[]; readonly measured: number }> {
  const noisy: NoisyPicture<Item>[] = [];
  const pace = picturePace(items.length);
  const begin = performance.now();
  let measured = 0;
  for (const item of spread(items)) {
    signal?.throwIfAborted();
    if (!leaveOutNoisy && measured > 0 && performance.now() - begin > LONGEST) break;
    const file = fileOf(item);
    const found = await measuredInput(file, {});
    measured++;
    const noise = found === undefined ? 0 : 255 * found.noise.luma;
    if (found !== undefined && found.strength >= NOISY.strength && noise >= NOISY.deviation)
      noisy.push({ item, file, noise });
    onProgress?.({ kind: 'measuring', picture: file, ...pace() });
  }
  return { noisy: noisy.sort((a, b) => b.noise - a.noise), measured };
}

/** Any number of the first of them are spread over all. */
function spread<Item>(items: readonly Item[]): readonly Item[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  return items
    .map((item, i) => ({ item, place: (i * golden) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function named(noisy: readonly { readonly file: string; readonly noise: number }[]): string {
  const names = noisy.slice(0, NAMES).map(({ file, noise }) => `${file} (${noise.toFixed(1)} of 255)`);
  return `${names.join(', ')}${noisy.length > NAMES ? ' …' : ''}`;
}
