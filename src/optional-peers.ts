import { RevelaError } from './errors.js';

/** What is spoken with and does not come with this package: whoever only restores photographs has no use for it. */
const versions = {
  hono: '4.13.19',
  '@hono/node-server': '2.1.9',
  '@modelcontextprotocol/sdk': '1.32.2',
  bullmq: '6.7.0',
  ioredis: '6.0.0',
  aws4fetch: '1.0.20',
} as const;

/**
 * Loads optional peers.
 *
 * @param what what needs them, for people
 * @throws RevelaError that says what to install, where they are missing
 *
 * @example
 * const { Hono } = await optionalPeers('the HTTP service', ['hono'], () => import('hono'));
 */
export async function optionalPeers<Peers>(
  what: string,
  names: readonly (keyof typeof versions)[],
  load: () => Promise<Peers>,
): Promise<Peers> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    const wanted = names.map((name) => `${name}@${versions[name]}`).join(' ');
    throw new RevelaError(`${what} needs what does not come with revela: npm install ${wanted}`, {
      cause: error,
    });
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
