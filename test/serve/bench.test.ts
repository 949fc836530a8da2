import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { redisOrReason, redisServer } from '../redis/server.js';

const bench = fileURLToPath(new URL('../../bench/serve.mjs', import.meta.url));

/** What it prints; fails where something was lost or left. */
const short = async (...words: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [bench, '--requests', '200', ...words], { timeout: 600_000 }))
    .stdout;

it.skipIf(redisOrReason() !== undefined)(
  'answers hundreds of requests by way of Redis, a tenth of them hostile, and leaves nothing',
  async () => {
    await using server = await redisServer();
    const told = await short('--redis', server.url);
    expect(told).toContain('180 answered, 0 lost');
    expect(told).toContain('left: 0 jobs, 0 bytes, 0 files; after its end 0 files, 0 jobs in Redis');
  },
  620_000,
);
