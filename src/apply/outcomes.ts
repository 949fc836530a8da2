import { RevelaError } from '../errors.js';
import type { CallOptions } from './calls.js';

/** What came of one of many inputs: a result, or why there is none. */
export type Outcome<Input, Result> =
  | { readonly input: Input; readonly result: Result; readonly error?: undefined }
  | { readonly input: Input; readonly result?: undefined; readonly error: RevelaError };

/** Inputs that are begun before the first of them is taken. */
const AHEAD = 2;

/**
 * Works on many inputs, in their order: what one of them fails with is its outcome and does not stop the others. Two are worked
 * on at once, and no more are begun than are taken, so that a thousand pictures need the memory of two. Whoever takes no more
 * stops what was begun.
 *
 * @throws what the signal says when it is given, and what is no fault of an input
 *
 * @example
 * for await (const { input, result, error } of outcomes(files, (file, call) => denoiser.denoise(file, call))) { … }
 */
export async function* outcomes<Input, Result>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  work: (input: Input, call: CallOptions) => Promise<Result>,
  { signal, ...call }: CallOptions = {},
): AsyncGenerator<Outcome<Input, Result>, void, undefined> {
  const own = new AbortController();
  const stop = signal === undefined ? own.signal : AbortSignal.any([own.signal, signal]);
  const begun: Promise<Settled<Input, Result>>[] = [];
  const settled = async (input: Input): Promise<Settled<Input, Result>> => {
    try {
      return { outcome: { input, result: await work(input, { ...call, signal: stop }) } };
    } catch (error) {
      return error instanceof RevelaError ? { outcome: { input, error } } : { thrown: error };
    }
  };
  const first = async (): Promise<Outcome<Input, Result>> => {
    const next = await begun.shift();
    if (next?.outcome === undefined) throw next?.thrown;
    return next.outcome;
  };
  try {
    for await (const input of inputs) {
      signal?.throwIfAborted();
      begun.push(settled(input));
      if (begun.length === AHEAD) yield await first();
    }
    while (begun.length > 0) yield await first();
  } finally {
    own.abort();
    await Promise.all(begun);
  }
}

/** An outcome, or an error that is no outcome. */
type Settled<Input, Result> =
  | { readonly outcome: Outcome<Input, Result>; readonly thrown?: undefined }
  | { readonly outcome?: undefined; readonly thrown: unknown };
