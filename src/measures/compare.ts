import { disposable } from '../belongings.js';
import { OptionError, optionError, RevelaError } from '../errors.js';
import { type OptionNames, refuseUnknownOptions } from '../known-options.js';
import { muchInThread } from '../in-thread.js';
import {
  comparedByPixels,
  type FeatureMeasure,
  measuredBits,
  type PlanarPicture,
  type ReferenceMeasure,
  referenceMeasures,
  withoutBorder,
} from '../quality/index.js';
import type { Runtime } from '../runtime/index.js';
import {
  checkFilesOfDistances,
  distanceModels,
  type FilesOfDistances,
  loadDists,
  loadLpips,
} from '../models/index.js';
import {
  type CallOptions,
  callOf,
  deviceOptions,
  type DeviceOptions,
  fairQueue,
  onDevice,
  outcomes,
} from '../apply/index.js';
import { openDists } from './distances/open-dists.js';
import { openLpips } from './distances/open-lpips.js';
import { wholeNumber } from '../option-checks.js';
import type { PictureDistance } from './distances/picture-distance.js';
import {
  arrived,
  holdPicture,
  type PictureInput,
  inColour,
  type NamedPicture,
  pictureNamed,
} from '../images/index.js';

/** Options of {@link compare}. Devices are for the measures that look through a network. */
export interface CompareOptions extends DeviceOptions {
  /**
   * Measures by name, in any case: `psnr`, `psnr-y`, `ssim`, `ssim-y`, `ssim-uniform`, `ssim-reduced`, `ms-ssim`, `lpips-alex`
   * (or `lpips`), `lpips-vgg`, `lpips-squeeze`, `dists`. Default `psnr` and `ssim`.
   */
  readonly metrics?: readonly string[];
  /** Pixels that are left out on every side, by every measure; default 0. */
  readonly border?: number;
  /** Files of the measures that look through a network: by the network of LPIPS, and of DISTS. Default: the models of the store. */
  readonly files?: FilesOfDistances;
}

const optionNames: OptionNames<CompareOptions> = {
  ...deviceOptions,
  ...{ metrics: true, border: true, files: true },
};

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

/** What is measured if nothing is asked for. */
export const defaultReferenceMetrics: readonly string[] = ['psnr', 'ssim'];

/** @throws OptionError for a name that no measure of two pictures has, and for one that is there twice */
export function referenceMeasuresNamed(
  names: readonly string[] = defaultReferenceMetrics,
): readonly ReferenceMeasure[] {
  if (names.length === 0) throw new OptionError('`metrics` needs the name of a measure');
  const found = names.map((name) => {
    const meant = plain(name) === 'lpips' ? 'lpipsalex' : plain(name);
    const measure = referenceMeasures.find((one) => plain(one.name) === meant);
    if (measure !== undefined) return measure;
    const known = referenceMeasures.map((one) => one.name).join(', ');
    throw optionError('metrics', `one of ${known}`, name);
  });
  const twice = found.find((measure, i) => found.indexOf(measure) < i);
  if (twice !== undefined) throw new OptionError(`\`metrics\` names ${twice.name} twice`);
  return found;
}

/** Papers and programs differ in capital letters and hyphens. */
const plain = (name: string): string => name.toLowerCase().replaceAll('-', '');

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
  refuseUnknownOptions('compare', options, optionNames);
  const { border = 0, files = {} } = options;
  checkFilesOfDistances(files);
  const measures = referenceMeasuresNamed(options.metrics);
  wholeNumber(border, 0, 65_536, 'border');
  const openers = await Promise.all(
    measures
      .filter((measure) => measure.looksAt === 'features')
      .map((measure) => readFeatures(measure, options)),
  );
  const { runtime, distances } =
    openers.length === 0
      ? { runtime: undefined, distances: new Map<string, PictureDistance>() }
      : await onDevice(options, (runtime) => ({
          runtime,
          distances: new Map(openers.map(([name, open]) => [name, open(runtime)])),
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
    for (const measure of measures) {
      checkLargeEnough(measure, a.name, x, border);
      const distance = distances.get(measure.name);
      scores[measure.name] =
        measure.looksAt === 'pixels'
          ? await comparedAside(measure.name, x, y)
          : await compared(distance, x, y, signal);
    }
    const bits = measuredBits(a.picture, b.picture);
    return { width: a.picture.width, height: a.picture.height, bits, scores };
  };
  const queue = fairQueue();
  const asked = async (pair: PicturePairInput, call: CallOptions = {}): Promise<PairScores> => {
    const { signal } = callOf('compare', call, options);
    const here = await arrivedPair(pair, signal);
    return queue.take(() => scoresOf(here, signal), signal);
  };
  return disposable({
    measures,
    ...(runtime === undefined ? {} : { device: runtime.description }),
    compare: (picture: PictureInput, reference: PictureInput, call?: CallOptions) =>
      asked([picture, reference], call),
    pairs: <Pair extends PicturePairInput>(pairs: Iterable<Pair> | AsyncIterable<Pair>, call?: CallOptions) =>
      pairOutcomes(pairs, async (pair, heard) => (await asked(pair, heard)).scores, call),
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
  new URL('../quality/index.js', import.meta.url),
  comparedByPixels,
  (_name, a, b) => a.data.length + b.data.length,
);

type Opener = readonly [name: string, open: (runtime: Runtime) => PictureDistance];

/** Reads the files of a measure that looks through a network. */
async function readFeatures(
  { name, distance }: FeatureMeasure,
  { files = {} }: CompareOptions,
): Promise<Opener> {
  const given = files[distance] ?? distanceModels[distance];
  if (distance === 'dists') {
    const weights = await loadDists(given);
    return [name, (runtime) => openDists(runtime, weights)];
  }
  const weights = await loadLpips(distance, given);
  return [name, (runtime) => openLpips(runtime, weights)];
}

function compared(
  distance: PictureDistance | undefined,
  x: PlanarPicture,
  y: PlanarPicture,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (distance === undefined) throw new RangeError('a measure of features is not open');
  return distance.compare(x, y, signal === undefined ? {} : { signal });
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

function inner({ name, picture }: NamedPicture, border: number): PlanarPicture {
  const { width, height } = picture;
  if (Math.min(width, height) <= 2 * border)
    throw new RevelaError(
      `${name} has ${width}×${height} pixels: nothing is left without a border of ${border}; give less to \`border\``,
    );
  return withoutBorder(picture, border);
}

function checkLargeEnough(
  { title, smallest }: ReferenceMeasure,
  name: string,
  { width, height }: PlanarPicture,
  border: number,
): void {
  if (width >= smallest.width && height >= smallest.height) return;
  const without = border === 0 ? '' : ` without its border of ${border}`;
  throw new RevelaError(
    `${name} has ${width}×${height} pixels${without}, and ${title} needs at least ${smallest.width}×${smallest.height}; leave the picture or the measure out`,
  );
}
