import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { RedisServer } from './server.js';

/** What stands before a Redis, and says that it is one of version 5. */
export async function oldRedis(server: RedisServer): Promise<{ readonly url: string } & AsyncDisposable> {
  const front = createServer((asker) => {
    const behind = connect(server.port, '127.0.0.1');
    for (const end of [asker, behind]) end.on('error', () => {});
    asker.pipe(behind);
    behind.on('data', (answer: Buffer) => {
      const text = answer.toString('latin1').replace(/redis_version:\d/, 'redis_version:5');
      asker.write(Buffer.from(text, 'latin1'));
    });
    behind.on('close', () => asker.destroy());
    asker.on('close', () => behind.destroy());
  });
  await once(front.listen(0, '127.0.0.1'), 'listening');
  const address = front.address();
  return {
    url: `redis://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    [Symbol.asyncDispose]: async () => void front.close(),
  };
}
