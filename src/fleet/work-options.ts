import type { DeviceChoices } from './maker.js';
import type { FleetOptions } from './queue.js';

/** Options of `workInFleet`. */
export interface WorkOptions extends FleetOptions, DeviceChoices {
  /**
   * Where this machine has the folder that all share, `s3://BUCKET/FOLDER`, or the address of a `revela fleet share`; default: the current
   * folder. Nothing outside of it is read or written.
   */
  readonly shared?: string | undefined;
  /** What lets in at the address of a `revela fleet share`. */
  readonly token?: string | undefined;
  /** Seconds without a sign of life after which a worker's job is given to another one; default 120. */
  readonly lockSeconds?: number | undefined;
  /** Ends when nothing waits and nobody works; default false: waits for more. */
  readonly untilEmpty?: boolean | undefined;
  /** Hears of each picture of which the result is written. */
  readonly onDone?: ((picture: DonePicture) => void) | undefined;
  /** Hears of each picture that could not be done, and whether it is tried again. */
  readonly onFailed?: ((failure: FailedWork) => void) | undefined;
}

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
