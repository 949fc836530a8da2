import type { RevelaError } from '../errors.js';
import {
  arrived,
  describePicture,
  findRangeFactor,
  type HeldPicture,
  holdPicture,
  isFile,
  multiplied,
  type PictureInput,
  pictureOf,
} from '../images/index.js';
import { type CallOptions, callOf, fairQueue, outcomes, stopping } from '../apply/index.js';
import type { BareMeasure } from './measure.js';
import { type MeasureName, scoringMeasure } from './measures.js';
import { ownOptions } from './option-tables.js';
import { checkedScoring, type MeasureOptions } from './score-options.js';
import { present } from '../present.js';

/** What came of one of many pictures: its score, or why there is none. */
export type ScoreOutcome<Input> =
  | { readonly input: Input; readonly score: number; readonly error?: undefined }
  | { readonly input: Input; readonly score?: undefined; readonly error: RevelaError };

/** A measure that judges pictures alone, ready for many of them; callers may ask at once. */
export interface OpenMeasure extends BareMeasure {
  /**
   * The score of a picture. It depends on the pixels alone; opacity is not
   * looked at.
   *
   * @throws RevelaError, with the reason, for a picture that cannot be read or judged: too small, flat
   */
  score(picture: PictureInput, call?: CallOptions): Promise<number>;
  /** The scores of many pictures, in their order; what fails is told with its input and does not stop the others. */
  images<Input extends PictureInput>(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    call?: CallOptions,
  ): AsyncGenerator<ScoreOutcome<Input>, void, undefined>;
}

/**
 * Opens a measure by its name.
 *
 * @throws RevelaError for anything that the user can mend: files that a measure needs and that are missing or wrong, a wrong
 *   option, an absent device
 *
 * @example
 * await using niqe = await openMeasure('niqe', { niqeModel: 'niqe_pris_params.npz' });
 * for await (const { input, score, error } of niqe.images(paths)) console.log(input, score ?? error.message);
 */
export async function openMeasure(name: MeasureName, options: MeasureOptions = {}): Promise<OpenMeasure> {
  return measureOf(name, checkedScoring('openMeasure', {}, options));
}

/** The same, of options that were checked, and may be those of another function. */
export async function measureOf(name: MeasureName, options: MeasureOptions): Promise<OpenMeasure> {
  const measure = scoringMeasure(name);
  ownOptions({ ...measure.options, ...measure.looking }, options);
  const opened = await measure.open(options);
  const { map } = opened;
  const queue = fairQueue();
  // What is decoded counts, too: two pictures are looked at, and the others wait.
  const asking = async <Result>(
    what: string,
    picture: PictureInput,
    call: CallOptions,
    look: (picture: HeldPicture, call: CallOptions) => Promise<Result>,
  ): Promise<Result> => {
    const { signal } = callOf(what, call, options);
    const here = await arrived(picture, signal);
    return queue.take(async () => look(await judged(here, signal), stopping(signal)), signal);
  };
  const score = (picture: PictureInput, call: CallOptions = {}): Promise<number> =>
    asking('score', picture, call, opened.score);
  return {
    ...opened,
    score,
    images: (inputs, call) => scoreOutcomes(inputs, score, call),
    ...present({
      map: map && ((picture: PictureInput, call: CallOptions = {}) => asking('map', picture, call, map)),
    }),
  };
}

async function* scoreOutcomes<Input extends PictureInput>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  score: (input: Input, call: CallOptions) => Promise<number>,
  call?: CallOptions,
): AsyncGenerator<ScoreOutcome<Input>, void, undefined> {
  for await (const { input, result, error } of outcomes(inputs, score, call))
    yield error === undefined ? { input, score: result } : { input, error };
}

/** A picture as measures look at it: dark ones of 16 bits in the range of photographs. */
async function judged(given: PictureInput, signal: AbortSignal | undefined): Promise<HeldPicture> {
  const input = await holdPicture(given, signal);
  // Measures name the files that they are given, and what is wrong with one they say themselves.
  if (isFile(input) && (await describePicture(input).catch(() => undefined))?.bitDepth !== 16) return input;
  const picture = await pictureOf(input);
  const factor = await findRangeFactor(picture, 1);
  return factor === 1 ? input : await multiplied(picture, factor);
}
