import { codeOf } from '../errors.js';
import { checked, type OptionsOf, settled } from '../options/index.js';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import { Confined } from '../confined.js';
import { Engine } from './engine.js';
import { callTool, toolsOf } from './mcp-tools.js';
import { operationsFor } from './operations.js';
import { limitOptions, mcpOptions } from './options.js';
import { mcpPeers } from './peers.js';

/**
 * Options of {@link serveMcp}: the `folders` outside of which nothing is read or written (relative paths begin in the first), a `signal` that
 * ends the server, and where it computes (`device`, `threads`).
 */
export type McpOptions = OptionsOf<typeof mcpOptions>;

/**
 * Serves denoising, enlarging, scoring, comparing and adapting as tools for assistants, over the Model Context Protocol on standard input and
 * output, until standard input ends. Originals are never replaced, nor is any file that is there.
 *
 * @throws RevelaError where the protocol's SDK is not installed, or a folder is not there
 *
 * @example
 * await serveMcp({ folders: ['/home/me/photos'] });
 */
export async function serveMcp(options: McpOptions): Promise<void> {
  const { folders, signal, device, threads } = checked('serveMcp', mcpOptions, options);
  const confined = await Confined.to(folders);
  const { Server, StdioServerTransport, types } = await mcpPeers();
  const engine = new Engine(present({ device, threads }));
  const underWay = new Set<Promise<unknown>>();
  const parts = { confined, engine, operations: operationsFor(settled(limitOptions, {})) };
  const server = new Server(
    { name: 'revela', version: packageVersion() },
    {
      capabilities: { tools: {} },
      instructions: 'Restores photographs in files. Originals are never replaced.',
    },
  );
  server.setRequestHandler(types.ListToolsRequestSchema, () => ({ tools: [...toolsOf(parts)] }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }, call) => {
    const token = params._meta?.progressToken;
    const text = (value: string) => [{ type: 'text' as const, text: value }];
    try {
      const working = callTool(params.name, params.arguments ?? {}, parts, {
        signal: call.signal,
        onProgress: (progress) => {
          if (token === undefined || !('tiles' in progress)) return;
          const { tile, tiles } = progress;
          void call
            .sendNotification({
              method: 'notifications/progress',
              params: { progressToken: token, progress: tile, total: tiles },
            })
            .catch(() => undefined);
        },
      });
      underWay.add(working);
      const made = await working.finally(() => underWay.delete(working));
      return { content: text(JSON.stringify(made)) };
    } catch (error) {
      if (codeOf(error) === undefined || !(error instanceof Error)) throw error;
      return { isError: true, content: text(error.message) };
    }
  });
  const transport = new StdioServerTransport();
  const own = new AbortController();
  const end = (): void => own.abort();
  const stopped = new Promise<void>((resolve) => own.signal.addEventListener('abort', () => resolve()));
  server.onclose = end;
  // The transport does not tell of the end of its input.
  process.stdin.once('end', end);
  signal?.addEventListener('abort', end);
  try {
    if (signal?.aborted !== true) {
      await server.connect(transport);
      await stopped;
    }
  } finally {
    process.stdin.off('end', end);
    signal?.removeEventListener('abort', end);
    // Stops what is under way, which then comes to its end: what computes is closed only when nobody uses it.
    await server.close();
    await Promise.allSettled(underWay);
    await engine.close();
  }
}
