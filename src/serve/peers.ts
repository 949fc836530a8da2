import { optionalPeers } from '../optional-peers.js';

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
  return optionalPeers('the HTTP service', ['hono', '@hono/node-server'], async () => {
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
  return optionalPeers('the MCP server', ['@modelcontextprotocol/sdk'], async () => {
    const [{ Server }, { StdioServerTransport }, types] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/index.js'),
      import('@modelcontextprotocol/sdk/server/stdio.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    return { Server, StdioServerTransport, types };
  });
}
