import { present } from './present.js';
import { errorLine } from './printable.js';

/**
 * What went wrong, for programs. `ERR_CANCELLED` is no {@link RevelaError}'s: what is stopped fails with the reason that its
 * signal was given; {@link codeOf} knows it.
 */
export type ErrorCode =
  /** An option has a value that cannot be used, is not known, or does not go with another one. */
  | 'ERR_OPTION'
  /** A number is outside its bounds. */
  | 'ERR_OUT_OF_RANGE'
  /** What was given holds no picture of a known kind. */
  | 'ERR_NOT_AN_IMAGE'
  /** A picture of a kind that is not read: GIF, HEIC, camera raw, CMYK, several pages. */
  | 'ERR_UNSUPPORTED_IMAGE'
  /** A picture that is damaged or cut short. */
  | 'ERR_DAMAGED_IMAGE'
  /** A picture, or the result of one, that is larger than is allowed. */
  | 'ERR_TOO_LARGE'
  /** A kind of file that cannot hold the picture: its transparency, so many pixels a side, or nothing without loss. */
  | 'ERR_FORMAT'
  | 'ERR_FILE_MISSING'
  | 'ERR_FILE_EXISTS'
  | 'ERR_ACCESS'
  | 'ERR_DISK_FULL'
  /** Anything else that the system says of a file. */
  | 'ERR_FILE'
  /** A model that is known or named, and not in the store. */
  | 'ERR_MODEL_MISSING'
  /** Weights that cannot be read, or do something else. */
  | 'ERR_WEIGHTS'
  /** A device that is not there, or does not compute as it should. */
  | 'ERR_DEVICE'
  /** Its memory ran out. */
  | 'ERR_MEMORY'
  | 'ERR_CANCELLED'
  /** Anything else that the user can mend. */
  | 'ERR_FAILED';

/** What an error is about, as far as that is known. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  /** The option, by its name in TypeScript: `tile`, `files.alex.weights`. */
  readonly option: string;
  /** What was expected, in words. */
  readonly expected: string;
  /** What came instead. */
  readonly received: unknown;
  /** The file. */
  readonly path: string;
}

/**
 * An error that the user can do something about: a wrong file, option or device.
 * Its message is one line that names what was expected, what came, and what to do. Whatever it is made of, names out of
 * files included, it is no longer than 2,000 letters and holds no control characters. Options stand in it as `` `tile` ``.
 * The command prints it without a stack and exits with code 1.
 *
 * @example
 * try {
 *   await denoise(bytes);
 * } catch (error) {
 *   if (codeOf(error) === 'ERR_NOT_AN_IMAGE') return new Response('no picture', { status: 415 });
 *   throw error;
 * }
 */
export class RevelaError extends Error implements Partial<ErrorFacts> {
  override readonly name: string = 'RevelaError';
  readonly code: ErrorCode;
  declare readonly option?: string;
  declare readonly expected?: string;
  declare readonly received?: unknown;
  declare readonly path?: string;

  /** @param message one line; what could break it or harm a terminal is shown as `?` */
  constructor(message: string, { cause, ...facts }: ErrorOptions & Partial<ErrorFacts> = {}) {
    super(errorLine(message), present({ cause }));
    this.code = facts.code ?? 'ERR_FAILED';
    if (facts.option !== undefined) this.option = facts.option;
    if (facts.expected !== undefined) this.expected = facts.expected;
    if (facts.received !== undefined) this.received = facts.received;
    if (facts.path !== undefined) this.path = facts.path;
  }
}

/**
 * An option with a value that cannot be used, or that does not go with another one.
 * The command exits with code 2, as for any other wrong usage.
 *
 * @example
 * throw new OptionError('`patch` must be a multiple of 5 for sdap, got 41', { option: 'patch' });
 */
export class OptionError extends RevelaError {
  override readonly name: string = 'OptionError';

  /** @param facts the option is, unless it is given, the first one that the message names */
  constructor(message: string, facts: ErrorOptions & Partial<ErrorFacts> = {}) {
    const option = facts.option ?? /`([A-Za-z][\w.]*)(?:: [^`]*)?`/.exec(message)?.[1];
    super(message, { code: 'ERR_OPTION', ...facts, ...present({ option }) });
  }
}

/**
 * The error for an option with another value than it takes: "`option` must be EXPECTED, got RECEIVED".
 *
 * @param shown how the value is told, where it is not told as it is
 *
 * @example
 * throw optionError('tile', 'a whole number from 1 to 65536', 0.5, { code: 'ERR_OUT_OF_RANGE' });
 */
export function optionError(
  option: string,
  expected: string,
  received: unknown,
  { shown = String(received), ...facts }: { readonly shown?: string; readonly code?: ErrorCode } = {},
): OptionError {
  const named = /^[\w.]+$/.test(option) ? `\`${option}\`` : option;
  return new OptionError(`${named} must be ${expected}, got ${shown}`, {
    ...{ option, expected, received },
    ...facts,
  });
}

/**
 * The code of an error that work of this package failed with: of a `RevelaError` its own, `ERR_CANCELLED` for what was stopped
 * by a signal or its time-out, `undefined` for any other.
 *
 * @example
 * const status = codeOf(error) === 'ERR_CANCELLED' ? 499 : 500;
 */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof RevelaError) return error.code;
  const stopped = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  return stopped ? 'ERR_CANCELLED' : undefined;
}

/** The same error with facts that it lacks; of an option, or of another kind, it stays as it is. */
export function withFacts(error: unknown, facts: Partial<ErrorFacts>): unknown {
  if (!(error instanceof RevelaError) || error instanceof OptionError) return error;
  const { message, cause, ...own } = error;
  const told = { ...facts, ...own, code: error.code === 'ERR_FAILED' ? facts.code : error.code };
  const { code = 'ERR_FAILED', ...others } = told;
  return new RevelaError(message, { cause, code, ...others });
}
