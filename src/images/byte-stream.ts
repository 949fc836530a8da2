import { codeOf, OptionError, RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { unlessStopped } from '../unless-stopped.js';

/** What gives the bytes of a file in parts: a stream of Node, one of the web, or any other asynchronous iterable. */
export type ByteStream = AsyncIterable<Uint8Array> | WebStream;

/** As much of a `ReadableStream` as its type needs, whichever library declares it. */
export interface WebStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> };
}

/** What gives all its bytes at once: a `Blob`, a `File`, the answer of `fetch`. */
export interface BytesHolder {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** More than this is no picture file; a stream without an end must come to one. */
const MOST_BYTES = 2 ** 30;

/**
 * All bytes of a stream.
 *
 * @param signal stops waiting for it; the stream is then closed
 * @throws RevelaError where it fails, or gives texts or more than 1 GiB; what the signal says, or that of whoever fed it
 */
export async function bytesOfStream(stream: ByteStream, signal?: AbortSignal): Promise<Uint8Array> {
  if (!(Symbol.asyncIterator in stream))
    throw new OptionError('this stream cannot be iterated; give the bytes of the picture');
  signal?.throwIfAborted();
  const parts: Uint8Array[] = [];
  let size = 0;
  const iterator = stream[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const { done = false, value } = await unlessStopped([iterator.next()], signal);
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
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : brokenInput(error);
  } finally {
    if (!ended) close(stream, iterator);
  }
  return Buffer.concat(parts, size);
}

/**
 * The bytes of a blob or of an answer.
 *
 * @param signal stops waiting for them
 * @throws RevelaError where they do not come; what the signal says, or that of whoever sends them
 */
export async function bytesOfHolder(holder: BytesHolder, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  try {
    return new Uint8Array(await unlessStopped([holder.arrayBuffer()], signal));
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : brokenInput(error);
  }
}

/** What a source of bytes failed with, in one line; what stopped it stays as it is. */
function brokenInput(error: unknown): unknown {
  if (codeOf(error) !== undefined) return error;
  const told = fileError('cannot read the picture', error);
  if (told instanceof RevelaError) return told;
  const reason = error instanceof Error ? error.message : String(error);
  return new RevelaError(`cannot read the picture: ${reason}`, { cause: error, code: 'ERR_FILE' });
}

/** Lets go of a stream that is not wanted any more, without waiting for it: it may never answer. */
function close(stream: object, iterator: AsyncIterator<unknown>): void {
  if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
  iterator.return?.().catch(() => undefined);
}
