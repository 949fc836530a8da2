import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Debian's redis-server on a free port, with an append-only file in the folder, throwing nothing away. */
export async function startRedis(folder) {
  const port = await freePort();
  const how = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  how.push('--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction');
  let child;
  const start = async () => {
    child = spawn('redis-server', how, { stdio: ['ignore', 'pipe', 'inherit'] });
    let log = '';
    for await (const text of child.stdout) {
      log += text;
      if (log.includes('Ready to accept')) return;
    }
    throw new Error(`redis-server did not start: ${log}`);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid;
    },
    /** Ends it with a signal, and starts it again on what its file holds. */
    async restart(signal) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      await start();
    },
    end: () => child.kill('SIGKILL'),
  };
}

async function freePort() {
  const found = createServer().listen(0, '127.0.0.1');
  await once(found, 'listening');
  const { port } = found.address();
  found.close();
  await once(found, 'close');
  return port;
}
