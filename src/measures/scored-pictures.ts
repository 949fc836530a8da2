import type { QualityMeasure } from '../quality/index.js';
import type { MeasureName } from './measures.js';

/** The scores of a picture. */
export interface ScoredPicture {
  readonly picture: string;
  /** By the names of the measures; a measure that could not judge the picture is missing. */
  readonly scores: Readonly<Partial<Record<MeasureName, number>>>;
  /** Whether all of them are those of an earlier run. */
  readonly known: boolean;
}

/** A picture that could not be read, or that a measure could not judge. */
export interface UnscoredPicture {
  readonly picture: string;
  /** The measure; missing where the picture could not be read, and where one measure alone looked at it. */
  readonly metric?: MeasureName;
  /** Why, in one line that names the file. */
  readonly message: string;
}

/** What became of pictures. */
export interface ScoredPictures {
  readonly measures: readonly QualityMeasure[];
  /** Those that at least one measure judged, in their order. */
  readonly pictures: readonly ScoredPicture[];
  readonly failures: readonly UnscoredPicture[];
  /** Whether it came to the end, and was not stopped by the signal. */
  readonly finished: boolean;
}
