import { RevelaError } from '../errors.js';

/** What programs are spoken with. Whoever only restores photographs has no use for it, so it is not installed with this package. */
const versions = {
  hono: '4.13.19',
  '@hono/node-server': '2.1.9',
  '@modelcontextprotocol/sdk': '1.32.2',
} as const;

/** Hono and its server. */
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
export function httpPeers(): Promise<HttpPeers> {
  return loaded('the HTTP service', ['hono', '@hono/node-server'], async () => {
    const [{ Hono }, { streamSSE }, { createAdaptorServer }] = await Promise.all([
      import('hono'),
      import('hono/streaming'),
      import('@hono/node-server'),
    ]);
    return { Hono, streamSSE, createAdaptorServer };
  });
}

/** The official SDK of the Model Context Protocol. */
export interface McpPeers {
  readonly Server: typeof import('@modelcontextprotocol/sdk/server/index.js').Server;
  readonly StdioServerTransport: typeof import('@modelcontextprotocol/sdk/server/stdio.js').StdioServerTransport;
  readonly types: Pick<
    typeof import('@modelcontextprotocol/sdk/types.js'),
    'ListToolsRequestSchema' | 'CallToolRequestSchema'
  >;
}

/**
 * Loads the SDK of the Model Context Protocol.
 *
 * @throws RevelaError that says what to install, where it is missing
 */
export function mcpPeers(): Promise<McpPeers> {
  return loaded('the MCP server', ['@modelcontextprotocol/sdk'], async () => {
    const [{ Server }, { StdioServerTransport }, types] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/index.js'),
      import('@modelcontextprotocol/sdk/server/stdio.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    return { Server, StdioServerTransport, types };
  });
}

async function loaded<Peers>(
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
