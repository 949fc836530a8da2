import { type DeviceOptions, deviceOptions } from '../apply/options.js';
import type { Picture } from '../images/index.js';
import { checked, given, list, type Options, type OptionsOf, path, text } from '../options/index.js';
import type { QualityMap } from '../quality/index.js';
import { defaultMeasure, measureNames } from './measures.js';
import { type ScoringOptions, scoringOptions } from './option-tables.js';
import type { ScoredPicture } from './scored-pictures.js';

/**
 * Options of {@link openMeasure}: what measures are made of. A measure does not look at those of others. Files of models may
 * be given, or what was read from them.
 */
export interface MeasureOptions extends DeviceOptions, ScoringOptions {}

/** Which measure judges a picture. */
export const metricOptions = {
  /** The measure, one of `measureNames`; default `revela`, the scorer that the package ships. */
  metric: text({ value: 'NAME', default: defaultMeasure, words: measureNames.join(', ') }),
};

/** Which measures judge pictures. */
export const metricsOptions = {
  /** Measures by name; default `revela`. */
  metrics: list(text({ words: 'a measure' }), {
    ...{ flag: 'metric', short: 'm', value: 'NAME', commas: true, expected: 'names of measures' },
    words: `${measureNames.join(', ')}; several with commas`,
    usual: defaultMeasure,
  }),
};

/** What `scorePictures` does besides. */
export const scorePicturesOptions = {
  ...metricsOptions,
  /**
   * A file to which each score is added at once, and from which those of unchanged pictures are taken: a later run goes on
   * where one was stopped. Default: none.
   */
  record: path({ words: 'keep the scores in this file, and resume from it' }),
  /** Is told of each picture as it is scored. */
  onScored: given<(picture: ScoredPicture) => void>('function', {
    ...{ expected: 'a function', words: 'is told of each picture as it is scored' },
  }),
  /** Gets the map of each picture by the first of the measures, which must have one. */
  onMap: given<(file: string, map: QualityMap, picture: Picture) => Promise<void>>('function', {
    ...{ expected: 'a function', words: 'gets the map of each picture' },
  }),
};

/** Options of {@link score}. */
export interface ScoreOptions extends MeasureOptions, OptionsOf<typeof metricOptions> {}

/** Options of {@link scorePictures}. */
export interface ScorePicturesOptions extends MeasureOptions, OptionsOf<typeof scorePicturesOptions> {}

/**
 * Checks the options of a function that opens measures of single pictures.
 *
 * @param own what it takes besides
 * @throws OptionError that names the option
 */
export function checkedScoring<Own extends Options>(
  what: string,
  own: Own,
  asked: unknown,
): MeasureOptions & OptionsOf<Own>;
export function checkedScoring(what: string, own: Options, asked: unknown): object {
  return checked(what, { ...deviceOptions, ...own, ...scoringOptions }, asked);
}
