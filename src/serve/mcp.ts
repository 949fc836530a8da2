import { codeOf } from '../errors.js';
import { expectList } from '../known-options.js';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import { Confined } from './confined.js';
import { Engine, type EngineOptions } from './engine.js';
import { settleLimits } from './limits.js';
import { callTool, toolsOf } from './mcp-tools.js';
import { operationsFor } from './operations.js';
import { mcpPeers } from './peers.js';

/** Options of {@link serveMcp}. */
export interface McpOptions extends EngineOptions {
  /** The folders outside of which nothing is read or written; relative paths begin in the first. */
  readonly folders: readonly string[];
  /** Ends the server. */
  readonly signal?: AbortSignal;
}

/**
 * Serves denoising, enlarging, scoring, comparing and adapting as tools for assistants, over the Model Context Protocol on standard input and
 * output, until standard input ends. Originals are never replaced, nor is any file that is there.
 *
 * @throws RevelaError where the protocol's SDK is not installed, or a folder is not there
 *
 * @example
 * await serveMcp({ folders: ['/home/me/photos'] });
 */
export async function serveMcp({ folders, signal, device, threads }: McpOptions): Promise<void> {
  expectList(folders, 'folders', 'folders');
  const confined = await Confined.to(folders);
  const { Server, StdioServerTransport, types } = await mcpPeers();
  const engine = new Engine(present({ device, threads }));
  const parts = { confined, engine, operations: operationsFor(settleLimits({})) };
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
      const made = await callTool(params.name, params.arguments ?? {}, parts, {
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
      return { content: text(JSON.stringify(made)) };
    } catch (error) {
      if (codeOf(error) === undefined || !(error instanceof Error)) throw error;
      return { isError: true, content: text(error.message) };
    }
  });
  const transport = new StdioServerTransport();
  const ended = new Promise<void>((resolve) => {
    server.onclose = resolve;
    // The transport does not tell of the end of its input.
    process.stdin.once('end', resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(transport);
  await ended;
  await server.close();
  await engine.close();
}
