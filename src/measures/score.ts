import { defaultMeasure, type MeasureName, measureNamed } from './measures.js';
import { measureOf } from './open-measure.js';
import { checkedScoring, metricOptions, type ScoreOptions } from './score-options.js';
import { arrived, type PictureInput } from '../images/index.js';

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
export async function score(image: PictureInput, options: ScoreOptions = {}): Promise<Score> {
  const { metric = defaultMeasure, ...asked } = checkedScoring('score', metricOptions, options);
  const name = measureNamed(metric);
  const here = await arrived(image, asked.signal);
  await using open = await measureOf(name, asked);
  const { better, range } = open.measure;
  return { metric: name, value: await open.score(here), better, range };
}
