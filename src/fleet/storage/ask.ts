import { setTimeout as wait } from 'node:timers/promises';
import { isUntrusted, whyAway } from '../../connection-errors.js';
import { RevelaError } from '../../errors.js';
import { StorageAway, StorageRefusal } from './storage.js';

/** What is asked of a server of files. */
export interface Question<Taken> {
  /** What the server is called in messages. */
  readonly address: string;
  readonly signal: AbortSignal | undefined;
  /** Asks; again where the first answer was none. */
  send(signal: AbortSignal | null): Promise<Response>;
  /** What is made of an answer. */
  take(response: Response): Taken | Promise<Taken>;
  /** What an answer says that is an error. */
  failure(response: Response): RevelaError | Promise<RevelaError>;
}

/** Milliseconds before it is asked again; then it is for the caller to wait, and to say so. */
const pauses: readonly number[] = [100, 300, 1000, 2500];

/**
 * Asks a server of files, again after a while where it is busy or the connection breaks.
 *
 * @throws StorageAway where it stays so; StorageRefusal for a certificate that is not trusted; what its answer says; what the signal says
 */
export async function ask<Taken>({ address, signal, ...question }: Question<Taken>): Promise<Taken> {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await question.send(signal ?? null);
      if (response.ok) return await question.take(response);
      throw await question.failure(response);
    } catch (error) {
      signal?.throwIfAborted();
      const known = connectionFailure(error, address);
      const pause = pauses[attempt];
      if (!(known instanceof StorageAway) || pause === undefined) throw known;
      // Of many that were sent away at once, not all come back at once.
      await wait(pause * (0.5 + Math.random()), undefined, { signal });
    }
  }
}

/** The bytes of an answer. */
export async function* chunksOf({ body }: Response, address: string): AsyncGenerator<Uint8Array> {
  try {
    if (body !== null) yield* body;
  } catch (error) {
    throw connectionFailure(error, address);
  }
}

function connectionFailure(error: unknown, address: string): unknown {
  if (error instanceof RevelaError || !(error instanceof Error)) return error;
  const why = whyAway(error);
  if (why !== undefined) return new StorageAway(`${address} cannot be reached (${why})`, { cause: error });
  const { cause } = error;
  const said = cause instanceof Error ? cause.message : error.message;
  if (isUntrusted(error))
    return new StorageRefusal(
      `${address} shows no certificate that is trusted here: ${said} (NODE_EXTRA_CA_CERTS names a file of others to trust)`,
      { cause: error },
    );
  // What `fetch` fails with: an answer that is no HTTP, a connection that broke in another way.
  if (error instanceof TypeError && cause !== undefined)
    return new StorageAway(`${address} cannot be asked (${said})`, { cause: error });
  return error;
}
