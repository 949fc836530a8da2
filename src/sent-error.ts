import { type ErrorFacts, OptionError, RevelaError } from './errors.js';

/** An error on its way to another thread, which knows no classes. */
export interface SentError {
  readonly message: string;
  /** What {@link RevelaError} and {@link OptionError} say besides; left out for any other error. */
  readonly facts?: Partial<ErrorFacts>;
  /** Whether it is an {@link OptionError}. */
  readonly ofOption?: boolean;
}

/**
 * What of an error can be sent to another thread: its message and, of a `RevelaError`, its facts.
 *
 * @example
 * port.postMessage({ outcome: 'failed', error: sentError(error) });
 */
export function sentError(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RevelaError)) return { message };
  const { code, option, expected, path, received } = error;
  const told = {
    code,
    option,
    expected,
    path,
    received: received === undefined ? undefined : String(received),
  };
  const facts = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { message, facts, ...(error instanceof OptionError ? { ofOption: true } : {}) };
}

/** The error that was sent: a `RevelaError` or an `OptionError` with its facts, or a plain error. */
export function receivedError({ message, facts, ofOption }: SentError): Error {
  if (facts === undefined) return new Error(message);
  return ofOption === true ? new OptionError(message, facts) : new RevelaError(message, facts);
}
