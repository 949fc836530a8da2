import { mkdir, readdir, truncate } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  environmentWithout,
  expectRefusal,
  expectSuccess,
  jsonLines,
  photograph,
  revela,
  temporaryFolder,
} from '../cli/command.js';
import { redisOrReason, type RedisServer, redisServer } from '../redis/server.js';

const path = temporaryFolder();

describe.skipIf(redisOrReason() !== undefined)('the commands of a fleet', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer();
    await mkdir(path('shots'));
    for (const name of ['good.png', 'bad.png']) await photograph(66, 65).png().toFile(path('shots', name));
    await truncate(path('shots', 'bad.png'), 4000);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const fleet = (...words: readonly string[]) =>
    revela(['fleet', ...words, '--redis', server.url], { cwd: path() });

  it('submit, work, tell how it goes, let what failed wait again, and give up', async () => {
    const submit = ['submit', 'shots/', '--score', '-m', 'revela', '-o', 'scores/'];
    expect((await expectSuccess(fleet(...submit))).stderr).toMatch(/^Submitted 2 pictures in 1 job, in /);
    expect((await fleet(...submit)).stderr).toContain('1 of which was there already');
    const { code, stderr } = await fleet('work', '--until-empty', '--threads', '1');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/Did 1 picture in \S+; 1 picture failed\n$/)]);
    expect((await readdir(path('scores'))).sort()).toEqual(['.revela-fleet', 'good.png.json']);
    // The bundle is done, and what failed of it was tried again alone.
    const { stdout } = await expectSuccess(fleet('status'));
    expect(stdout).toMatch(
      /^0 jobs waiting, 0 worked on, 1 done, 1 failed\n0 workers\nfailed: shots\/bad\.png: /,
    );
    expect((await expectSuccess(fleet('status', '--failures', '0'))).stdout).toContain(
      'and 1 more that failed',
    );
    expect((await fleet('retry')).stderr).toBe('1 job that failed waits again\n');
    const told = jsonLines((await expectSuccess(fleet('status', '--json'))).stdout);
    expect(told).toEqual([expect.objectContaining({ kind: 'status', waiting: 1, failed: 0, failures: [] })]);
    expect((await fleet('cancel')).stderr).toBe('Gave up 1 job\n');
    expect((await fleet('status')).stdout).toMatch(/^0 jobs waiting, 0 worked on, \d done, 0 failed\n/);
  }, 180_000);

  it('watch how it goes until they are stopped', async () => {
    const words = ['fleet', 'status', '--watch', '--queue', 'watched', '--redis', server.url];
    // The second look.
    const { code, stdout } = await revela(words, {
      interrupt: { at: '0 workers\n0 jobs', signal: 'SIGINT' },
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^(0 jobs waiting, .*\n0 workers\n){2,}$/);
  }, 60_000);

  it('say what to install where BullMQ is not', async () => {
    const environment = environmentWithout('bullmq');
    const words = ['fleet', 'status', '--redis', server.url];
    await expectRefusal(revela(words, { environment }), 1, 'npm install bullmq@', 'ioredis@');
  }, 60_000);
});
