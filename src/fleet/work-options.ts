import type { OptionsOf } from '../options/index.js';
import type { workOptions } from './options.js';

/** Options of `workInFleet`. */
export interface WorkOptions extends OptionsOf<typeof workOptions> {}

/** A picture of which the result is written: their paths on this machine, or their addresses. */
export interface DonePicture {
  readonly input: string;
  readonly output: string;
  /** What the kind of file cannot hold. */
  readonly lost: readonly string[];
}

/** A picture that could not be done. */
export interface FailedWork {
  readonly input: string;
  readonly message: string;
  /** Whether it is tried once more, alone. */
  readonly again: boolean;
}

/** What a worker did. */
export interface Worked {
  readonly pictures: number;
  /** Those that failed for good here. */
  readonly failed: number;
}
