import { RevelaError } from '../../errors.js';
import type { Part, PartSource } from './part.js';
import { fetchEncrypted } from './follow-redirects.js';
import { brokenBy, refusedBy, TransferFailure } from './transfer-failure.js';
import { present } from '../../present.js';

/** One request for a file. */
export interface TransferRequest {
  readonly url: string;
  /** Bytes that the file must have, where that is known. */
  readonly size?: number;
  /** Whether the result is checked by its whole hash, so that bytes of other times and servers may be joined. */
  readonly checked: boolean;
  /** After how many seconds without a byte, or with fewer than 1,024 a second, the server counts as gone. */
  readonly patience: number;
  readonly signal?: AbortSignal;
  /** What the server calls this program. */
  readonly userAgent: string;
  /** Is called when bytes have come; `total` is that of the file. */
  onBytes(total: number | undefined): void;
}

/**
 * Fetches what is missing of a file: the rest, if the server can send it and it is still the same file, otherwise all of
 * it from the start.
 *
 * The rest is asked for by `Range` with `If-Range` and the entity tag (or the date) that the server gave with the first
 * bytes: if the file has changed it sends the whole new one (RFC 9110, sections 13.1.5 and 14.2).
 *
 * @throws TransferFailure if the whole did not come; RevelaError if it is not the file that was meant, or the disk
 * refuses it; the reason of the signal
 */
export async function transfer(part: Part, request: TransferRequest): Promise<void> {
  const { url, size, patience, signal, userAgent, onBytes } = request;
  const clock = patienceClock(patience, signal);
  try {
    const range = rangeHeaders(part, request);
    const response = await fetchEncrypted(url, {
      headers: { 'user-agent': userAgent, 'accept-encoding': 'identity', ...range },
      signal: clock.signal,
    }).catch((error: unknown) => {
      throw error instanceof TransferFailure ? error : clock.translate(error);
    });
    try {
      const total = await beginBody(part, response, request);
      const most = size ?? mostBytes(response);
      onBytes(total);
      for await (const bytes of piecesOf(response, clock)) {
        await part.append(bytes);
        onBytes(total);
        if (part.length <= most) continue;
        // It is another file already, and may never end.
        if (size !== undefined) return;
        await part.restart(undefined);
        throw new TransferFailure(
          `sends more than ${most} bytes, which no model has that says so little of its size`,
          false,
        );
      }
      if (total !== undefined && part.length !== total)
        throw new TransferFailure(`ended after ${part.length} of ${total} bytes`, true);
    } finally {
      // A body that is not read to its end would keep the connection.
      await response.body?.cancel().catch(() => {});
    }
  } finally {
    clock.stop();
  }
}

/** Asks for the rest only, where that will fit to what is there. */
function rangeHeaders({ length, source }: Part, { url, checked }: TransferRequest): Record<string, string> {
  if (length === 0 || source === undefined) return {};
  const validator = source.url === url ? (source.etag ?? source.lastModified) : undefined;
  if (validator === undefined && !checked) return {};
  return { range: `bytes=${length}-`, ...present({ 'if-range': validator }) };
}

/**
 * Looks at the head of an answer and makes the part ready for its body.
 *
 * @returns the length of the whole file, where the server says it
 */
async function beginBody(
  part: Part,
  response: Response,
  request: TransferRequest,
): Promise<number | undefined> {
  const { url } = request;
  const { status, headers } = response;
  if (status === 206) {
    const { start, total } = contentRange(headers.get('content-range'));
    if (start === part.length && part.length > 0) {
      checkTotal(total, request);
      return total;
    }
    await part.restart(undefined);
    throw new TransferFailure('sends another part of the file than was asked for', true, 0);
  }
  if (status === 416) {
    await part.restart(undefined);
    throw new TransferFailure('has no more bytes, so that what was kept does not fit', true, 0);
  }
  if (status !== 200) throw refusedBy(response);
  if (headers.get('content-type')?.includes('text/html') === true)
    throw new TransferFailure(
      'sends a web page instead of the file; a login or a proxy may be in the way',
      false,
    );
  const source = sourceOf(url, headers);
  // Before what was kept of the right file is given up for another one.
  checkTotal(source.total, request);
  await part.restart(source);
  return source.total;
}

function checkTotal(total: number | undefined, { url, size }: TransferRequest): void {
  if (size === undefined || total === undefined || total === size) return;
  throw new RevelaError(`${url} has ${total} bytes where ${size} were expected; it is another file`);
}

/** Of a file of unknown length: larger weights are published in parts. */
const longestUnknown = 2 ** 35;
/** Weights are close to noise; what unpacks to many times of what is sent is none. */
const mostExpansion = 8;

/** The most that an answer may bring where the size of the file is not known. */
function mostBytes({ headers }: Response): number {
  const sent = Number.parseInt(headers.get('content-length') ?? '', 10);
  if (!isEncoded(headers)) return sent >= 0 ? Number.POSITIVE_INFINITY : longestUnknown;
  return sent >= 0 ? mostExpansion * sent : longestEncoded;
}

/** Of a packed body of which not even that length is known. */
const longestEncoded = 2 ** 28;

function isEncoded(headers: Headers): boolean {
  return !['', 'identity'].includes(headers.get('content-encoding') ?? '');
}

function sourceOf(url: string, headers: Headers): PartSource {
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  // An encoded body has another length than the file, and its rest could not be asked for.
  const encoded = isEncoded(headers);
  const length = encoded ? Number.NaN : Number.parseInt(headers.get('content-length') ?? '', 10);
  return {
    url,
    // A weak tag does not promise the same bytes.
    ...(etag !== null && !etag.startsWith('W/') && !encoded && { etag }),
    ...(lastModified !== null && !encoded && { lastModified }),
    ...(Number.isSafeInteger(length) && { total: length }),
  };
}

/** `bytes 100-199/200` */
function contentRange(value: string | null): { readonly start?: number; readonly total?: number } {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(value?.trim() ?? '') ?? [];
  return {
    ...present({
      start: start === undefined ? undefined : Number(start),
      total: total === undefined || total === '*' ? undefined : Number(total),
    }),
  };
}

async function* piecesOf(response: Response, clock: PatienceClock): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw clock.translate(error);
      });
      if (done) return;
      clock.alive(value.length);
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

/** A server that sends less than this over the whole of the patience is given up. */
const slowestBytesPerSecond = 1024;

interface PatienceClock {
  /** Aborts a request that is stopped, or whose server is silent or sends next to nothing. */
  readonly signal: AbortSignal;
  /** So many bytes came. */
  alive(bytes: number): void;
  stop(): void;
  /** What an error of the request means. */
  translate(error: unknown): unknown;
}

function patienceClock(seconds: number, asked: AbortSignal | undefined): PatienceClock {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), seconds * 1000);
  const drip = new AbortController();
  let came = 0;
  let begun = false;
  const rate = setInterval(() => {
    if (begun && came < slowestBytesPerSecond * seconds) drip.abort();
    came = 0;
  }, seconds * 1000);
  const signals = [silence.signal, drip.signal, ...(asked === undefined ? [] : [asked])];
  return {
    signal: AbortSignal.any(signals),
    alive(bytes) {
      timer.refresh();
      if (!begun) rate.refresh();
      begun = true;
      came += bytes;
    },
    stop() {
      clearTimeout(timer);
      clearInterval(rate);
    },
    translate(error) {
      if (asked?.aborted === true) return asked.reason;
      if (drip.signal.aborted)
        return new TransferFailure(
          `sent less than ${slowestBytesPerSecond} bytes a second for ${seconds} seconds`,
          true,
        );
      if (silence.signal.aborted) return new TransferFailure(`sent nothing for ${seconds} seconds`, true);
      return brokenBy(error);
    },
  };
}
