import { RevelaError } from './errors.js';

/** What reading one file may still cost, so that a small file cannot ask for much work or memory. */
export interface Allowance {
  /**
   * Counts work: a step is about as much as reading one field, one token or one number.
   *
   * @throws RevelaError when it was too much
   */
  spend(steps: number): void;
  /**
   * Counts bytes that are kept beside the file, before they are allocated.
   *
   * @throws RevelaError when it was too much
   */
  hold(bytes: number): void;
}

/** The most that reading one file may cost, and what to say where it costs more. */
export interface AllowanceLimits {
  readonly steps: number;
  readonly bytes: number;
  /** What needs no more than that, such as `a checkpoint of weights`. */
  readonly kind: string;
  /** What the user can do. */
  readonly remedy: string;
}

/**
 * An allowance for the file of that name. Every reader of other people's files counts against one.
 *
 * @param file what messages call it
 *
 * @example
 * const allowance = allowanceFor('niqe.npz', { steps: 1e7, bytes: 2 ** 28, kind: 'a table of numbers', remedy: 'save the model alone' });
 * allowance.hold(8 * count); // throws where the numbers of the file do not fit
 */
export function allowanceFor(file: string, { steps, bytes, kind, remedy }: AllowanceLimits): Allowance {
  let stepsLeft = steps;
  let bytesLeft = bytes;
  return {
    spend(used) {
      stepsLeft -= used;
      // Written so that NaN, which a damaged count may become, is too much as well.
      if (!(stepsLeft >= 0))
        throw new RevelaError(
          `${file}: reading it takes more than ${steps.toLocaleString('en')} steps, which ${kind} never needs; ${remedy}`,
        );
    },
    hold(used) {
      bytesLeft -= used;
      if (!(bytesLeft >= 0))
        throw new RevelaError(
          `${file}: reading it takes more than ${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB of memory, which ${kind} of its size never needs; ${remedy}`,
        );
    },
  };
}
