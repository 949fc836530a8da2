import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openTeam, type TeamOptions } from '#src/fleet/index.js';
import { type Metrics, readMetrics } from '#src/runs/index.js';
import { photograph, temporaryFolder } from '../cli/command.js';
import { type RedisServer, redisServer } from '../redis/server.js';
import { program } from '../program.js';

/** Trainings over machines, for the tests of a `describe`: a Redis and a shared folder with pictures, and members that are processes. */
export function trainingTeam() {
  const path = temporaryFolder();
  let server: RedisServer;
  let shared = '';
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    shared = path('shared');
    server = await redisServer();
    await mkdir(join(shared, 'shots'), { recursive: true });
    for (const i of [0, 1, 2])
      await photograph(64 + i, 60)
        .png()
        .toFile(join(shared, 'shots', `${i}.png`));
  });
  afterAll(async () => {
    for (const one of started) one.kill('SIGKILL');
    await server[Symbol.asyncDispose]();
  });

  /** A member that is a process of its own. */
  function member(queue: string, folder = shared): ChildProcess {
    const args = ['fleet', 'train', '--redis', server.url, '--queue', queue, '--shared', folder];
    const how = ['--threads', '1', '--device', 'cpu', '--lock-seconds', '2', '--json'];
    const child = spawn(process.execPath, [program, ...args, ...how], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    return child;
  }

  async function ended(...members: readonly ChildProcess[]): Promise<readonly unknown[]> {
    return Promise.all(
      members.map(async (one) => {
        if (one.exitCode !== null) return one.exitCode;
        const exit = once(one, 'exit');
        one.kill('SIGINT');
        const [code]: readonly unknown[] = await exit;
        return code;
      }),
    );
  }

  const team = (queue: string, more: Partial<TeamOptions> = {}) =>
    openTeam({ redis: server.url, queue, shared, ...more });

  /** @param folder an absolute one, or its name among what all share */
  const run = (folder: string) => ({
    ...({
      pictures: [join(shared, 'shots')],
      output: resolve(shared, folder),
      device: 'cpu',
      threads: 1,
    } as const),
    ...{ steps: 6, patch: 20, batch: 1, baseChannels: 4, modules: 1, validateEvery: 6 },
  });

  const weights = (folder: string) => readFile(resolve(shared, folder, 'weights.safetensors'));

  async function metrics(name: string): Promise<readonly Metrics[]> {
    const all: Metrics[] = [];
    for await (const one of readMetrics(join(shared, name))) all.push(one);
    return all;
  }

  return {
    ...{ path, member, ended, team, run, weights, metrics },
    server: () => server,
    shared: () => shared,
    stopsAtEnd: (child: ChildProcess) => void started.push(child),
  };
}
