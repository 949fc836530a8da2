import { type OptionNames, refuseUnknownOptions } from '../known-options.js';
import type { Progress } from './progress.js';

/** What one call of something open may be told. */
export interface CallOptions {
  /** Stops this call, and no other. */
  readonly signal?: AbortSignal;
  /** Hears of this call, in place of who was named when it was opened. */
  readonly onProgress?: (progress: Progress) => void;
}

const optionNames: OptionNames<CallOptions> = { signal: true, onProgress: true };

/** What a call listens to: its own signal and that of what is open, its own listener or else the other. */
export interface Call {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/**
 * Settles what a call listens to.
 *
 * @param what the function, for the message
 * @throws OptionError for an option that calls do not have; what the signal says where it was given already
 */
export function callOf(what: string, call: CallOptions, opened: CallOptions): Call {
  refuseUnknownOptions(what, call, optionNames);
  const signals = [call.signal, opened.signal].filter((signal) => signal !== undefined);
  const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  signal?.throwIfAborted();
  return { signal, onProgress: call.onProgress ?? opened.onProgress };
}

/** A signal as an option, where there is one. */
export const stopping = (signal: AbortSignal | undefined): { readonly signal?: AbortSignal } =>
  signal === undefined ? {} : { signal };
