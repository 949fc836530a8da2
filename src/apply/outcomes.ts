import { RevelaError } from '../errors.js';
import { unlessStopped } from '../unless-stopped.js';
import type { CallOptions } from './device-options.js';

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
  const source = oneByOne(inputs);
  // Whoever gives the next input may wait for the result of the one before.
  const mayWait = Symbol.asyncIterator in Object(inputs);
  /** The next input, where it was asked for and is not there; and whether there are more. */
  let coming: Promise<Coming<Input>> | undefined;
  let more = true;
  try {
    signal?.throwIfAborted();
    for (;;) {
      if (more && begun.length < AHEAD) coming ??= source.next().then((step) => ({ step }));
      const waited = [coming, mayWait || coming === undefined ? begun[0] : undefined].filter(
        (one) => one !== undefined,
      );
      if (waited.length === 0) return;
      const first = await unlessStopped<Coming<Input> | Settled<Input, Result>>(waited, signal);
      if ('step' in first) {
        coming = undefined;
        if (first.step.done === true) more = false;
        else begun.push(settled(first.step.value));
        continue;
      }
      begun.shift();
      if (first.outcome === undefined) throw first.thrown;
      yield first.outcome;
    }
  } finally {
    own.abort();
    // One that does not come is not waited for.
    const ended = source.return();
    if (coming === undefined) await ended;
    else ended.catch(() => undefined);
    await Promise.all(begun);
  }
}

/** Any inputs as a generator. */
async function* oneByOne<Input>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
): AsyncGenerator<Input, void, undefined> {
  yield* inputs;
}

/** An input that came, or that there are no more. */
type Coming<Input> = { readonly step: IteratorResult<Input, void> };

/** An outcome, or an error that is no outcome. */
type Settled<Input, Result> =
  | { readonly outcome: Outcome<Input, Result>; readonly thrown?: undefined }
  | { readonly outcome?: undefined; readonly thrown: unknown };
