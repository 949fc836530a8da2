import { RevelaError } from '../errors.js';

/** What HTTP is spoken with. Whoever only restores photographs has no use for it, so it is not installed with this package. */
const versions = { hono: '4.13.19', '@hono/node-server': '2.1.9' } as const;

/** Hono and its server, loaded where they are needed. */
export interface HttpPeers {
  readonly Hono: typeof import('hono').Hono;
  readonly streamSSE: typeof import('hono/streaming').streamSSE;
  readonly createAdaptorServer: typeof import('@hono/node-server').createAdaptorServer;
}

/**
 * Loads Hono and its server.
 *
 * @throws RevelaError that says what to install, where they are missing
 */
export async function httpPeers(): Promise<HttpPeers> {
  try {
    const [{ Hono }, { streamSSE }, { createAdaptorServer }] = await Promise.all([
      import('hono'),
      import('hono/streaming'),
      import('@hono/node-server'),
    ]);
    return { Hono, streamSSE, createAdaptorServer };
  } catch (error) {
    if (!isMissing(error)) throw error;
    const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
    throw new RevelaError(
      `the HTTP service needs packages that do not come with revela: npm install ${wanted.join(' ')}`,
      { cause: error },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
