import type { CallOptions, DeviceOptions } from '../apply/index.js';
import type { PictureInput } from '../images/index.js';
import type { DistanceFiles } from '../models/index.js';
import type { QualityMap, QualityMeasure } from '../quality/index.js';
import type { Runtime } from '../runtime/index.js';
import type { PictureDistance } from './distances/picture-distance.js';
import type { LossProgram } from './loss/loss-program.js';
import type { OptionsOf } from '../options/index.js';
import type { NoOptions, OptionTable } from './measure-option.js';

/** A measure of single pictures, open: what each of them does its own way. */
export interface BareMeasure extends AsyncDisposable {
  /** What is to be known about it; the range is that of the options it was opened with. */
  readonly measure: QualityMeasure;
  /** The device in use, for people; left out where the measure needs none. */
  readonly device?: string;
  score(picture: PictureInput, call?: CallOptions): Promise<number>;
  /** The quality of places in [0, 1], higher is better, and the score, from one look. */
  map?(picture: PictureInput, call?: CallOptions): Promise<QualityMap>;
  close(): Promise<void>;
}

/**
 * A measure that judges a picture alone: all that the package knows of it. It is one folder of measures/, named in `list.ts`.
 * What it loads is imported when it is opened, so that lists and help are there at once.
 */
export interface ScoringMeasure<
  Options extends OptionTable = NoOptions,
  Looking extends OptionTable = NoOptions,
> {
  readonly kind: 'scoring';
  readonly facts: QualityMeasure;
  /** The page of docs/ that tells of it. */
  readonly page: string;
  /** Rises whenever the same files and options come to give other scores, so that records do not mix them; default 0. */
  readonly revision?: number;
  /** What it is made of. */
  readonly options: Options;
  /** How pictures are looked at: no part of a loss. */
  readonly looking: Looking;
  open(options: OptionsOf<Options> & OptionsOf<Looking> & DeviceOptions): Promise<BareMeasure>;
  /** The file behind what an option names, where that is not the file of that name or model. */
  readonly fileOf?: { readonly [Name in keyof Options]?: (given: string) => Promise<string> };
  /** What it is to train by, if it is differentiable in the pictures. */
  loss?(runtime: Runtime, options: OptionsOf<Options>): Promise<LossProgram>;
}

/** A measure that compares two pictures by the features of a network. */
export interface FeatureMeasure {
  readonly kind: 'features';
  readonly facts: QualityMeasure;
  readonly options: OptionTable;
  /** By which name `files` of the library has its files: a network of LPIPS, or `dists`. */
  readonly distance: string;
  /** What the flags of its files begin with: `--lpips-weights`. */
  readonly family: string;
  /** The models of the store that it is made of. */
  readonly files: DistanceFiles;
  /** Reads its files. */
  open(files: DistanceFiles): Promise<(runtime: Runtime) => PictureDistance>;
  loss?(files: DistanceFiles): Promise<LossProgram>;
}
