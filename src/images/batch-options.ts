import { RevelaError } from '../errors.js';

const bytesPerMegabyte = 2 ** 20;

/** What all sources of batches are told. */
export interface BatchOptions {
  /** The side of the patches, in pixels. */
  readonly patch: number;
  /** Patches a batch. */
  readonly batch: number;
  /** A whole number of at least 0. */
  readonly seed: number;
  /** The number of the first batch; default 0. */
  readonly startStep?: number;
  /** Whether patches are flipped and turned at random; default true. */
  readonly augment?: boolean;
  /** How many megabytes (2²⁰ bytes) of decoded files may be kept, by all threads together; default 1024. */
  readonly memory?: number;
  /** Batches made ahead of time; default 3. */
  readonly ahead?: number;
  /** Closes the source. */
  readonly signal?: AbortSignal;
}

/** {@link BatchOptions}, complete. */
export interface SettledBatchOptions {
  readonly patch: number;
  readonly batch: number;
  readonly seed: number;
  readonly startStep: number;
  readonly augment: boolean;
  readonly ahead: number;
  /** Bytes of decoded files that may be kept. */
  readonly maxBytes: number;
}

/**
 * Checks what all sources of batches are told, and adds what is left out.
 *
 * @param leastPatch the smallest side of a patch that makes sense
 * @throws RevelaError if an option is out of range
 */
export function settleBatchOptions(options: BatchOptions, leastPatch = 1): SettledBatchOptions {
  const { patch, batch, seed, startStep = 0, augment = true, memory = 1024, ahead = 3 } = options;
  checkWhole('the patch size', patch, leastPatch);
  checkWhole('the batch size', batch, 1);
  checkWhole('the seed', seed, 0);
  checkWhole('the first step', startStep, 0);
  checkWhole('the number of batches made ahead', ahead, 1);
  if (!(memory >= 0)) throw new RevelaError(`the memory for pictures must be at least 0 MB, not ${memory}`);
  return { patch, batch, seed, startStep, augment, ahead, maxBytes: memory * bytesPerMegabyte };
}

/** @throws RevelaError if a value is no whole number of at least `least` */
export function checkWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RevelaError(`${what} must be a whole number of at least ${least}, not ${value}`);
}

/** What is said where there is nothing to cut patches from. */
export const noPictures = (): RevelaError => new RevelaError('there are no pictures to cut patches from');
