import type { DenoiserWeights, PictureFormat, Shard, UpscalerWeights } from '../api/index.js';
import type { OptionsOf } from '../options/index.js';
import type { fleetDenoiseOptions, fleetScoreOptions, fleetUpscaleOptions } from './options.js';
import type { FleetOptions } from './queue.js';

type Weighted<Group, Weights> = Omit<OptionsOf<Group>, 'weights'> & {
  /** A name of weights, or what was read; they are copied to where the results go, so that every machine has them. */
  readonly weights?: string | Weights | undefined;
};

/** What is to be done with pictures, and how. */
export type FleetWork =
  | { readonly work: 'denoise'; readonly options?: Weighted<typeof fleetDenoiseOptions, DenoiserWeights> }
  | { readonly work: 'upscale'; readonly options?: Weighted<typeof fleetUpscaleOptions, UpscalerWeights> }
  | { readonly work: 'score'; readonly options?: OptionsOf<typeof fleetScoreOptions> };

/** Options of `submitPictures`. */
export interface SubmitOptions extends FleetOptions {
  /**
   * The folder that all machines share, wherever each has it, or `s3://BUCKET/FOLDER`; pictures and results lie in it. Default: the
   * current folder, or the bucket of `output`.
   */
  readonly shared?: string | undefined;
  /** The folder of the results: a path, or `s3://BUCKET/FOLDER`. Of scores, each picture's lie in a file of JSON. */
  readonly output: string;
  /** The kind of file of the results; default: as each came. */
  readonly format?: PictureFormat | undefined;
  /** Of JPEG, WebP and AVIF, 1 to 100; default 95. */
  readonly quality?: number | undefined;
  /** Lossless WebP and AVIF; default: as each came. */
  readonly lossless?: boolean | undefined;
  /** Whether folders in folders are searched; default false. */
  readonly recursive?: boolean | undefined;
  /** Replaces results that are there, and those that another submission is still to make. */
  readonly overwrite?: boolean | undefined;
  /** Leaves out pictures of which the result is there: after a loss of Redis, that submits what is missing. */
  readonly skipExisting?: boolean | undefined;
  /** One share of the pictures, where several submit them. */
  readonly shard?: Shard | undefined;
  /** The largest picture that workers take, in megapixels; default 300. */
  readonly maxInput?: number | undefined;
  /** Hears how many pictures were submitted so far. */
  readonly onSubmitted?: ((pictures: number) => void) | undefined;
}

/** What was submitted. */
export interface Submitted {
  /** Pictures that wait now, and those that waited before: a job that is there is not there twice. */
  readonly pictures: number;
  readonly jobs: number;
  /** Jobs of these that waited or were worked on already. */
  readonly known: number;
  /** Jobs of these pictures that had failed for good, and wait anew as part of these. */
  readonly retried: number;
  /** Pictures of which the result was there. */
  readonly skipped: number;
  /** Pictures that cannot be read, and why. */
  readonly failures: readonly { readonly input: string; readonly message: string }[];
}
