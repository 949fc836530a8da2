import { optionError } from '../errors.js';

/** What a service allows. Everything has a default. */
export interface Limits {
  /** Most bytes of a request's body; default 100 MB (10⁸). */
  readonly maxBytes: number;
  /** Most megapixels of a picture that comes in; default 100. */
  readonly maxMegapixels: number;
  /** Jobs of one client that arrive, wait or are worked on; default 32. */
  readonly jobsPerClient: number;
  /** Jobs of all that arrive or wait; default 256. */
  readonly queueLength: number;
  /** Jobs that are worked on at once; default 2, as the library does. */
  readonly places: number;
  /** Seconds within which a request must have arrived, and within which an answer must have been taken; default 60. */
  readonly transferSeconds: number;
  /** Seconds that a job may be worked on; default 600. */
  readonly workSeconds: number;
  /** Seconds that the result of a job is kept; default 900. */
  readonly resultSeconds: number;
  /** Most bytes of pictures and results that are kept, on the disk; default 4 GB. */
  readonly storedBytes: number;
  /** Seconds that what runs is given when the service is to end; default 30. */
  readonly graceSeconds: number;
  /** Most minutes of learning that `adapt` may be asked for; default 3. */
  readonly adaptMinutes: number;
}

/** What they are where nothing else is said. */
export const defaultLimits: Limits = {
  maxBytes: 1e8,
  maxMegapixels: 100,
  jobsPerClient: 32,
  queueLength: 256,
  places: 2,
  transferSeconds: 60,
  workSeconds: 600,
  resultSeconds: 900,
  storedBytes: 4e9,
  graceSeconds: 30,
  adaptMinutes: 3,
};

/** Limits that are counted. */
const counted = ['maxBytes', 'jobsPerClient', 'queueLength', 'places', 'storedBytes'] as const;

/**
 * The limits with what was left out.
 *
 * @throws OptionError for a limit that is not above 0, or not whole where something is counted
 */
export function settleLimits(given: Partial<Limits>): Limits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits))
    if (!(Number(value) > 0 && Number.isFinite(value)))
      throw optionError(name, 'above 0', value, { code: 'ERR_OUT_OF_RANGE' });
  for (const name of counted)
    if (!Number.isInteger(limits[name]))
      throw optionError(name, 'a whole number', limits[name], { code: 'ERR_OUT_OF_RANGE' });
  return limits;
}
