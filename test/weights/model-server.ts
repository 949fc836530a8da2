import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';

/** A file on the server, and how badly the server treats those who want it. */
export interface Published {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Whether `Range` is understood; default true. */
  readonly ranges?: boolean;
  /** Answers to the first requests that are no file. */
  readonly refusals?: readonly { readonly status: number; readonly headers?: Record<string, string> }[];
  /**
   * Of the first requests after those: after how many bytes of the body the connection breaks, once the client has told
   * {@link ModelServer.arrived} that it has them.
   */
  readonly breaks?: readonly number[];
  /** Sends so many bytes of the body of the first request, and the rest when {@link ModelServer.goOn} is called. */
  readonly holdAfter?: number;
  /** A length that the server claims instead of the true one. */
  readonly claimedLength?: number;
  readonly type?: string;
  /** Whether to send the body without saying its length. */
  readonly chunked?: boolean;
  /** `Content-Encoding` of the body, which is sent as it is. */
  readonly encoding?: string;
  /** Sends so many bytes each so many milliseconds, without an end. */
  readonly drip?: { readonly bytes: number; readonly milliseconds: number };
  /** A `Content-Range` instead of the right one. */
  readonly contentRange?: string;
}

/** A request as it came. */
export interface Seen {
  readonly path: string;
  readonly range?: string;
  readonly ifRange?: string;
}

export interface ModelServer {
  url(path: string): string;
  publish(path: string, published: Published): void;
  redirect(path: string, target: string): void;
  /** What was asked for under a path, in order. */
  seen(path: string): readonly Seen[];
  /** Waits for the n-th request of a path. */
  asked(path: string, count: number): Promise<void>;
  /** The client has so many bytes of a file. */
  arrived(path: string, bytes: number): void;
  /** Sends the rests that are held back. */
  goOn(): void;
}

/** Bytes that do not repeat soon, the same for a seed. */
export function drawnBytes(length: number, seed = 1): Buffer {
  let state = seed * 2_654_435_761;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A server on this machine for the tests of a file. */
export function modelServer(): ModelServer {
  const files = new Map<string, Published & { readonly refused: unknown[]; readonly broken: number[] }>();
  const redirects = new Map<string, string>();
  const seen: Seen[] = [];
  let waiting: (() => void)[] = [];
  let held: (() => void)[] = [];
  let breaking: { readonly path: string; readonly at: number; readonly response: ServerResponse }[] = [];
  let server: Server | undefined;
  let port = 0;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const { range, 'if-range': ifRange } = request.headers;
    seen.push({
      path,
      ...(range === undefined ? {} : { range }),
      ...(ifRange === undefined ? {} : { ifRange: String(ifRange) }),
    });
    for (const tell of waiting) tell();
    const target = redirects.get(path);
    if (target !== undefined) {
      response.writeHead(302, { location: target }).end();
      return;
    }
    const file = files.get(path);
    if (file === undefined) {
      response.writeHead(404).end('none');
      return;
    }
    const refusal = file.refusals?.[file.refused.length];
    if (refusal !== undefined) {
      file.refused.push(refusal);
      response.writeHead(refusal.status, refusal.headers).end('no');
      return;
    }
    send(request, response, file);
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    file: Published & { readonly broken: number[] },
  ): void {
    const path = request.url ?? '';
    const { bytes, etag, lastModified, ranges = true, type = 'application/octet-stream' } = file;
    const validator = request.headers['if-range'];
    const same = validator === undefined || validator === (etag ?? lastModified);
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const partial = ranges && same && start > 0;
    const common = {
      'content-type': type,
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { 'last-modified': lastModified }),
      ...(file.encoding === undefined ? {} : { 'content-encoding': file.encoding }),
    };
    const { drip } = file;
    if (drip !== undefined) {
      response.writeHead(200, common);
      const timer = setInterval(() => response.write(Buffer.alloc(drip.bytes)), drip.milliseconds);
      response.on('close', () => clearInterval(timer));
      return;
    }
    if (partial && start >= bytes.length) {
      response.writeHead(416, { ...common, 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const body = Buffer.from(partial ? bytes.subarray(start) : bytes);
    response.writeHead(partial ? 206 : 200, {
      ...common,
      ...(file.chunked === true ? {} : { 'content-length': file.claimedLength ?? body.length }),
      ...(partial && {
        'content-range': file.contentRange ?? `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      }),
    });
    const breakAfter = file.breaks?.[file.broken.length];
    if (breakAfter !== undefined) {
      file.broken.push(breakAfter);
      response.write(body.subarray(0, breakAfter));
      breaking.push({ path, at: (partial ? start : 0) + breakAfter, response });
      return;
    }
    if (file.holdAfter !== undefined && held.length === 0 && !partial) {
      response.write(body.subarray(0, file.holdAfter));
      held.push(() => response.end(body.subarray(file.holdAfter)));
      return;
    }
    response.end(body);
  }

  beforeAll(async () => {
    const listening = createServer(answer);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const address = listening.address();
    if (typeof address !== 'object' || address === null) expect.fail('the server has no port');
    ({ port } = address);
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  const requestsOf = (path: string): readonly Seen[] => seen.filter((request) => request.path === path);
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    publish: (path, published) => void files.set(path, { ...published, refused: [], broken: [] }),
    redirect: (path, target) => void redirects.set(path, target),
    seen: requestsOf,
    asked: (path, count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requestsOf(path).length < count) return;
          waiting = waiting.filter((other) => other !== check);
          resolve();
        };
        waiting.push(check);
        check();
      }),
    arrived(path, bytes) {
      const broken = breaking.filter((one) => one.path === path && one.at <= bytes);
      breaking = breaking.filter((one) => !broken.includes(one));
      for (const { response } of broken) response.destroy();
    },
    goOn() {
      for (const send of held) send();
      held = [];
    },
  };
}
