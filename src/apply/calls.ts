import { checked } from '../options/index.js';
import type { Progress } from './progress.js';
import { type CallOptions, callOptions } from './device-options.js';
import { present } from '../present.js';

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
export function callOf(what: string, given: CallOptions, opened: CallOptions): Call {
  const call = checked(what, callOptions, given);
  const signals = [call.signal, opened.signal].filter((signal) => signal !== undefined);
  const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  signal?.throwIfAborted();
  return { signal, onProgress: call.onProgress ?? opened.onProgress };
}

/** A signal as an option, where there is one. */
export const stopping = (signal: AbortSignal | undefined): { readonly signal?: AbortSignal } =>
  present({ signal });
