import { defaultMeasure, type MeasureName, measureNamed } from './measures.js';
import { refuseUnknownOptions } from '../known-options.js';
import { type MeasureOptions, measureOf, measureOptionNames } from './open-measure.js';
import { arrived, type PictureInput } from '../images/index.js';

/** Options of {@link score}. */
export interface ScoreOptions extends MeasureOptions {
  /** The measure, one of `measureNames`; default `revela`, the scorer that the package ships. */
  readonly metric?: string;
}

/** How good a measure finds a picture. */
export interface Score {
  readonly metric: MeasureName;
  readonly value: number;
  readonly better: 'higher' | 'lower';
  /** The least and the greatest value there can be; infinite where there is no limit. */
  readonly range: readonly [least: number, greatest: number];
}

/**
 * Scores a picture without a reference. For many pictures open the measure once, with {@link openMeasure}.
 *
 * @param image a path, address, bytes, a blob or stream, raw pixels, sharp's output, or a decoded picture
 * @throws RevelaError, with the reason, for a picture that cannot be read or judged, and as {@link openMeasure} does
 *
 * @example
 * const { value, better } = await score('photo.jpg'); // 71.3, higher is better
 * await score('photo.jpg', { metric: 'niqe' });
 */
export async function score(image: PictureInput, { metric, ...options }: ScoreOptions = {}): Promise<Score> {
  refuseUnknownOptions('score', options, { ...measureOptionNames, metric: true });
  const name = metric === undefined ? defaultMeasure : measureNamed(metric);
  const here = await arrived(image, options.signal);
  await using open = await measureOf(name, options);
  const { better, range } = open.measure;
  return { metric: name, value: await open.score(here), better, range };
}
