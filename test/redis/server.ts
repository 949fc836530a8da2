import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's redis-server, on a port and in a folder of its own. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** Ends it, by default as where the current goes: what was written to its file stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Lets it keep its connections, and answer nothing; or answer again. */
  freeze(frozen: boolean): void;
}

/** Whether there is one to be started. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** Why tests of queues are skipped, if they are; with CI=true they may not be. */
export function redisOrReason(): string | undefined {
  if (hasRedis) return undefined;
  const reason = 'no redis-server; on Debian: npm run system-packages';
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return reason;
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * Starts a Redis that keeps an append-only file and throws nothing away.
 *
 * @param settings more of its settings: `['--requirepass', 'secret']`
 */
export async function redisServer(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'revela-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const usual = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const keeping = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const start = async (): Promise<void> => {
    const started = spawn('redis-server', [...usual, ...keeping, ...settings], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = started;
    let log = '';
    for await (const text of started.stdout) {
      log += String(text);
      if (log.includes('Ready to accept connections')) break;
    }
    if (!log.includes('Ready to accept connections')) throw new Error(`redis-server did not start: ${log}`);
  };
  const stop = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    stop,
    freeze: (frozen) => void child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
