import { deviceOptions } from '../apply/options.js';
import type { MeasureOptions } from '../measures/index.js';
import { metricsOptions, scoringOptions } from '../measures/options.js';
import { checked, choice, flag, given, type OptionsOf, path } from '../options/index.js';
import { intervalOptions } from '../quality/options.js';
import { selectionOptions } from './finding-options.js';
import { opinionColumns } from './opinions/column-options.js';
import type { OpinionPicture } from './opinions/opinion-pictures.js';

/** A picture that people and measures judged. */
export interface JudgedPicture extends OpinionPicture {
  /** By the names of the measures. */
  readonly scores: Readonly<Record<string, number>>;
}

/** What people said, and of which pictures. */
export const opinionOptions = {
  /** A table of comma-separated values, with a column of names and one of what people said; see `readOpinions`. */
  scores: path({
    required: true,
    words: 'opinions: a CSV file, or those of TID2013, KADID-10k, KonIQ-10k, PIPAL, CSIQ, LIVE',
  }),
  /** The folder of the pictures. */
  images: path({ value: 'FOLDER', required: true, words: 'the pictures, in subfolders too' }),
  ...opinionColumns,
  /** Which opinions are good; default: as the database has it whose table it is, `lower` for a column titled DMOS, otherwise `higher`. */
  better: choice(['higher', 'lower'], {
    ...{ value: 'WHICH', words: 'higher or lower opinions', usual: 'by the database' },
  }),
  /** Leaves out names that stand for no picture; otherwise they are refused. Default false. */
  skipMissing: flag({ default: false, words: 'skip names without a picture' }),
};

const listening = {
  /** Gets each picture as soon as all measures have judged it. */
  onPicture: given<(picture: JudgedPicture) => void>('function', {
    expected: 'a function',
    words: 'gets each picture as soon as all measures have judged it',
  }),
};

/** Options of `evaluateQuality`, besides those of measures. */
export const evaluateQualityOptions = {
  ...{ ...opinionOptions, ...selectionOptions, ...metricsOptions, ...intervalOptions, ...listening },
};

/** Options of {@link evaluateQuality}. */
export interface EvaluateQualityOptions extends MeasureOptions, OptionsOf<typeof evaluateQualityOptions> {}

/** @throws OptionError that names the option */
export function checkedQuality(asked: unknown): EvaluateQualityOptions;
export function checkedQuality(asked: unknown): object {
  const group = { ...deviceOptions, ...evaluateQualityOptions, ...scoringOptions };
  return checked('evaluateQuality', group, asked);
}
