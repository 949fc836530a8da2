import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainDenoiser } from '#src/api/index.js';
import {
  cancelFleet,
  fleetStatus,
  openTeam,
  retryFleet,
  submitPictures,
  takePart,
  workInFleet,
} from '#src/fleet/index.js';
import { openTraining } from '#src/fleet/training/queue.js';
import { photograph, temporaryFolder } from '../cli/command.js';
import { redisOrReason, type RedisServer, redisServer } from '../redis/server.js';

const path = temporaryFolder();

describe.skipIf(redisOrReason() !== undefined)('where Redis is', () => {
  let server: RedisServer;
  let shared = '';
  beforeAll(async () => {
    shared = path('shared');
    await mkdir(join(shared, 'shots'), { recursive: true });
    await photograph(560, 450)
      .jpeg()
      .toFile(join(shared, 'shots', 'large.jpg'));
    server = await redisServer();
  });
  afterAll(async () => {
    server.freeze(false);
    await server[Symbol.asyncDispose]();
  });

  it.each([
    ['frozen', / does not answer; waiting for it$/],
    ['away', /; waiting for it$/],
  ])(
    '%s, whoever takes part says so, and stops when it is asked to',
    async (how, line) => {
      const queue = { redis: server.url, queue: how };
      const training = { redis: server.url, queue: `${how}-training`, shared };
      const output = join(shared, `clean-${how}`);
      await submitPictures([join(shared, 'shots')], { work: 'denoise' }, { ...queue, shared, output });
      const stopping = new AbortController();
      const { signal } = stopping;
      const told = new Map<string, string[]>();
      const teller = (who: string) => {
        const lines: string[] = [];
        told.set(who, lines);
        return (text: string): void => void lines.push(text);
      };
      const single = { device: 'cpu', threads: 1, signal } as const;
      const tell = teller('coordinator');
      const coordinator = trainDenoiser({
        ...{ ...single, pictures: [join(shared, 'shots')], output: join(shared, `run-${how}`) },
        ...{ steps: 1e6, patch: 20, batch: 1, baseChannels: 4, modules: 1, validateEvery: 1e6 },
        team: openTeam(training),
        onProgress: (progress) => void (progress.kind === 'note' && tell(progress.message)),
      });
      const member = takePart({ ...training, ...single, tell: teller('member') });
      const worker = workInFleet({ ...queue, ...single, shared, untilEmpty: true, tell: teller('worker') });
      await until(async () => (await fleetStatus(queue)).active === 1);
      {
        await using opened = await openTraining(training);
        await until(async () => (await opened.shares.getActiveCount()) === 1);
      }
      if (how === 'frozen') server.freeze(true);
      else await server.stop();
      const asking = [fleetStatus, retryFleet, cancelFleet].map((ask) =>
        expect(ask({ ...queue, signal, tell: teller(ask.name) })).rejects.toThrow('enough'),
      );
      await until(async () => [...told.values()].every((lines) => lines.some((text) => line.test(text))));
      stopping.abort(new Error('enough'));
      await Promise.all(asking);
      // It may have done its picture by then.
      expect(await worker).toEqual({ pictures: expect.any(Number), failed: 0 });
      expect((await coordinator).finished).toBe(false);
      expect(await member).toEqual({ shares: expect.any(Number) });
      if (how === 'frozen') server.freeze(false);
      else await server.start();
    },
    300_000,
  );
});

async function until(happened: () => Promise<boolean>): Promise<void> {
  while (!(await happened())) await new Promise((resolve) => setTimeout(resolve, 50));
}
