import type { Planes } from '../pixels/index.js';
import { disposable } from '../belongings.js';
import { RevelaError } from '../errors.js';
import { muchInThread } from '../in-thread.js';
import { measuredBits, type QualityMeasure, withoutBorder } from '../quality/index.js';
import { type CallOptions, callOf, fairQueue, onDevice, outcomes } from '../apply/index.js';
import type { PictureDistance } from './distances/picture-distance.js';
import type { FeatureMeasure } from './measure.js';
import {
  arrived,
  holdPicture,
  type PictureInput,
  inColour,
  type NamedPicture,
  pictureNamed,
} from '../images/index.js';
import { comparedByPixels } from './compared-by-pixels.js';
import { filesOf, checkFilesOfDistances } from './distances/files-of-distances.js';
import { comparingMeasuresNamed, type ReferenceMeasure } from './measures.js';
import { ownOptions } from './option-tables.js';
import { checkedComparing, type CompareOptions } from './compare-options.js';
import { present } from '../present.js';

/** What two pictures have in common. */
export interface PairScores {
  /** In pixels, of both. */
  readonly width: number;
  readonly height: number;
  /** On how many bits pixels are compared: 16 where both pictures have them, otherwise 8. */
  readonly bits: 8 | 16;
  /** By the names of the measures. A PSNR of equal pictures is `Infinity`. */
  readonly scores: Readonly<Record<string, number>>;
}

/** A picture and its reference. */
export type PicturePairInput = readonly [picture: PictureInput, reference: PictureInput];

/** What came of one of many pairs: its scores, or why there are none. */
export type PairOutcome<Pair> =
  | { readonly input: Pair; readonly scores: PairScores['scores']; readonly error?: undefined }
  | { readonly input: Pair; readonly scores?: undefined; readonly error: RevelaError };

/** Measures of two pictures, ready to be used; callers may ask at once. */
export interface Comparison extends AsyncDisposable {
  readonly measures: readonly ReferenceMeasure[];
  /** The device in use, for people; left out where no measure needs one. */
  readonly device?: string;
  /**
   * Compares a picture with a reference. Opacity is not looked at, values are
   * rounded to 8 bits (by pixels, to 16 where both pictures have them), and grey is taken for colours that are alike where the other picture has colours.
   *
   * @throws RevelaError, with the reason, for pictures that cannot be read, differ in size, or are too small for a measure
   */
  compare(picture: PictureInput, reference: PictureInput, call?: CallOptions): Promise<PairScores>;
  /** Compares many pairs, in their order; what fails is told with its pair and does not stop the others. */
  pairs<Pair extends PicturePairInput>(
    pairs: Iterable<Pair> | AsyncIterable<Pair>,
    call?: CallOptions,
  ): AsyncGenerator<PairOutcome<Pair>, void, undefined>;
  close(): Promise<void>;
}

/**
 * Opens measures of two pictures: a picture, and the reference that it should equal.
 *
 * @throws RevelaError for an unknown measure, missing or wrong files of a measure, an absent device
 *
 * @example
 * await using comparison = await openComparison({ metrics: ['psnr-y', 'ssim-y'], border: 4 });
 * const { scores } = await comparison.compare('upscaled.png', 'original.png');
 */
export async function openComparison(options: CompareOptions = {}): Promise<Comparison> {
  const asked = checkedComparing('compare', options);
  const { border = 0, files = {} } = asked;
  checkFilesOfDistances(files);
  const entries = comparingMeasuresNamed(asked.metrics);
  const own = new Map(entries.map(({ facts, options: table }) => [facts.name, ownOptions(table, asked)]));
  const openers = new Map<string, Awaited<ReturnType<FeatureMeasure['open']>>>();
  for (const measure of entries)
    if (measure.kind === 'features')
      openers.set(measure.facts.name, await measure.open(filesOf(measure, files)));
  const { runtime, distances } =
    openers.size === 0
      ? { runtime: undefined, distances: new Map<string, PictureDistance>() }
      : await onDevice(asked, (runtime) => ({
          runtime,
          distances: new Map([...openers].map(([name, open]) => [name, open(runtime)])),
        }));
  const scoresOf = async (
    [picture, reference]: PicturePairInput,
    signal: AbortSignal | undefined,
  ): Promise<PairScores> => {
    const a = await pictureNamed(await holdPicture(picture, signal));
    const b = await pictureNamed(await holdPicture(reference, signal), 'the reference');
    return scoresOfPair(samePair(a, b), signal);
  };
  const scoresOfPair = async (
    [a, b]: readonly [NamedPicture, NamedPicture],
    signal: AbortSignal | undefined,
  ): Promise<PairScores> => {
    const [x, y] = [inner(a, border), inner(b, border)];
    const scores: Record<string, number> = {};
    for (const { kind, facts } of entries) {
      checkLargeEnough(facts, a.name, x, border);
      scores[facts.name] =
        kind === 'pixels'
          ? await comparedAside(facts.name, x, y, own.get(facts.name) ?? {})
          : await compared(distances.get(facts.name), x, y, signal);
    }
    const bits = measuredBits(a.picture, b.picture);
    return { width: a.picture.width, height: a.picture.height, bits, scores };
  };
  const queue = fairQueue();
  const answered = async (pair: PicturePairInput, call: CallOptions = {}): Promise<PairScores> => {
    const { signal } = callOf('compare', call, asked);
    const here = await arrivedPair(pair, signal);
    return queue.take(() => scoresOf(here, signal), signal);
  };
  return disposable({
    measures: entries.map(({ facts }) => facts),
    ...present({ device: runtime?.description }),
    compare: (picture: PictureInput, reference: PictureInput, call?: CallOptions) =>
      answered([picture, reference], call),
    pairs: <Pair extends PicturePairInput>(pairs: Iterable<Pair> | AsyncIterable<Pair>, call?: CallOptions) =>
      pairOutcomes(pairs, async (pair, heard) => (await answered(pair, heard)).scores, call),
    async close() {
      for (const distance of distances.values()) await distance.close();
      await runtime?.close();
    },
  });
}

/**
 * Compares two pictures of the same size. For many pairs use {@link openComparison}.
 *
 * @param a a path, address, bytes, a blob or stream, raw pixels, sharp's output, or a decoded picture
 * @param b the reference, likewise
 * @returns numbers by the names of the measures; which direction is better, and ranges: `referenceMeasures`
 * @throws RevelaError as {@link openComparison} and its `compare` do
 *
 * @example
 * const { psnr, ssim } = await compare('denoised.png', 'clean.png');
 */
export async function compare(
  a: PictureInput,
  b: PictureInput,
  options: CompareOptions = {},
): Promise<Readonly<Record<string, number>>> {
  const [picture, reference] = await arrivedPair([a, b], options.signal);
  await using comparison = await openComparison(options);
  return (await comparison.compare(picture, reference)).scores;
}

/** Both pictures, read where they come as streams. */
const arrivedPair = ([a, b]: PicturePairInput, signal: AbortSignal | undefined): Promise<PicturePairInput> =>
  Promise.all([arrived(a, signal), arrived(b, signal)]);

async function* pairOutcomes<Pair extends PicturePairInput>(
  pairs: Iterable<Pair> | AsyncIterable<Pair>,
  compared: (pair: Pair, call: CallOptions) => Promise<PairScores['scores']>,
  call?: CallOptions,
): AsyncGenerator<PairOutcome<Pair>, void, undefined> {
  for await (const { input, result, error } of outcomes(pairs, compared, call))
    yield error === undefined ? { input, scores: result } : { input, error };
}

/** Measures of large pictures are worked out in another thread. */
const comparedAside = muchInThread(
  new URL('./compared-by-pixels.js', import.meta.url),
  comparedByPixels,
  (_name, a, b) => a.data.length + b.data.length,
);

function compared(
  distance: PictureDistance | undefined,
  x: Planes,
  y: Planes,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (distance === undefined) throw new RangeError('a measure of features is not open');
  return distance.compare(x, y, present({ signal }));
}

/** Both pictures with as many channels each, of one size. */
function samePair(a: NamedPicture, b: NamedPicture): readonly [NamedPicture, NamedPicture] {
  const [one, other] = [a, b].map(({ picture: { width, height } }) => `${width}×${height}`);
  if (one !== other)
    throw new RevelaError(
      `${a.name} has ${one} pixels and ${b.name} has ${other}; expected two pictures of one size`,
    );
  if (a.picture.channels === b.picture.channels) return [a, b];
  return [
    { ...a, picture: inColour(a.picture) },
    { ...b, picture: inColour(b.picture) },
  ];
}

function inner({ name, picture }: NamedPicture, border: number): Planes {
  const { width, height } = picture;
  if (Math.min(width, height) <= 2 * border)
    throw new RevelaError(
      `${name} has ${width}×${height} pixels: nothing is left without a border of ${border}; give less to \`border\``,
    );
  return withoutBorder(picture, border);
}

function checkLargeEnough(
  { title, smallest }: QualityMeasure,
  name: string,
  { width, height }: Planes,
  border: number,
): void {
  if (width >= smallest.width && height >= smallest.height) return;
  const without = border === 0 ? '' : ` without its border of ${border}`;
  throw new RevelaError(
    `${name} has ${width}×${height} pixels${without}, and ${title} needs at least ${smallest.width}×${smallest.height}; leave the picture or the measure out`,
  );
}
