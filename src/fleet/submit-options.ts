import type { DenoiserWeights, UpscalerWeights } from '../api/index.js';
import type { OptionsOf } from '../options/index.js';
import type {
  fleetDenoiseOptions,
  fleetScoreOptions,
  fleetUpscaleOptions,
  submitOptions,
} from './options.js';

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
export interface SubmitOptions extends OptionsOf<typeof submitOptions> {}

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
