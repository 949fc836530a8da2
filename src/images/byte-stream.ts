import { OptionError, RevelaError } from '../errors.js';

/** What gives the bytes of a file in parts: a stream of Node, one of the web, or any other asynchronous iterable. */
export type ByteStream = AsyncIterable<Uint8Array> | WebStream;

/** As much of a `ReadableStream` as its type needs, whichever library declares it. */
export interface WebStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> };
}

/** More than this is no picture file; a stream without an end must come to one. */
const MOST_BYTES = 2 ** 30;

/**
 * All bytes of a stream.
 *
 * @param signal stops waiting for it; the stream is then closed
 * @throws RevelaError where it gives texts or more than 1 GiB; whatever the stream itself fails with
 */
export async function bytesOfStream(stream: ByteStream, signal?: AbortSignal): Promise<Uint8Array> {
  if (!(Symbol.asyncIterator in stream))
    throw new OptionError('this stream cannot be iterated; give the bytes of the picture');
  signal?.throwIfAborted();
  const parts: Uint8Array[] = [];
  let size = 0;
  const iterator = stream[Symbol.asyncIterator]();
  const { stopped, over } = abortOf(signal);
  let ended = false;
  try {
    for (;;) {
      const { done = false, value } = await Promise.race([iterator.next(), stopped]);
      if (done) break;
      if (!(value instanceof Uint8Array))
        throw new OptionError('a stream of a picture must give bytes (Uint8Array or Buffer), not texts');
      size += value.length;
      if (size > MOST_BYTES)
        throw new RevelaError('the stream of the picture gave more than 1 GiB; give a picture file', {
          code: 'ERR_TOO_LARGE',
        });
      parts.push(value);
    }
    ended = true;
  } finally {
    over();
    if (!ended) close(stream, iterator);
  }
  return Buffer.concat(parts, size);
}

/** A promise that fails when the signal is given. */
function abortOf(signal: AbortSignal | undefined): {
  readonly stopped: Promise<never>;
  readonly over: () => void;
} {
  let over = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    over = () => signal?.removeEventListener('abort', stop);
  });
  return { stopped, over };
}

/** Lets go of a stream that is not wanted any more, without waiting for it: it may never answer. */
function close(stream: object, iterator: AsyncIterator<unknown>): void {
  if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
  iterator.return?.().catch(() => undefined);
}
