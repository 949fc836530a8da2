import { createHash } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { distill, resumeTraining, saveDenoiserWeights, trainDenoiser } from '#src/api/index.js';
import { openTeam, shareFolder, takePart, type TeamOptions } from '#src/fleet/index.js';
import { S3Storage } from '#src/fleet/storage/s3-storage.js';
import { ShareStorage } from '#src/fleet/storage/share-storage.js';
import { readMetrics } from '#src/runs/index.js';
import { openTraining } from '#src/fleet/training/queue.js';
import { photograph } from '../cli/command.js';
import { randomDenoiser } from '../models/denoisers.js';
import { freePort, redisOrReason } from '../redis/server.js';
import { until } from '../until.js';
import { s3Key, type S3Server, s3Server } from './s3-server.js';
import { trainingTeam } from './training-team.js';

const token = 'a-token-of-many-letters';
const tokens = new Map([['laptop', token]]);
const plans = [
  ['added gradients', { workers: 2 }],
  ['local steps', { workers: 2, localSteps: 2 }],
] as const;

describe.skipIf(redisOrReason() !== undefined)('a training whose members have no folder in common', () => {
  const { path, run: sixSteps, server, shared: folderOfAll, team, weights } = trainingTeam();
  let s3: S3Server;
  let shared = '';
  beforeAll(async () => {
    s3 = await s3Server();
    shared = folderOfAll();
  });
  afterAll(() => s3[Symbol.asyncDispose]());
  beforeEach(() => {
    for (const name of ['AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL'])
      vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(s3Key)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint);
  });
  afterEach(() => void vi.unstubAllEnvs());

  const run = (folder: string) => ({ ...sixSteps(folder), steps: 4, validateEvery: 4 });

  /** One who takes part until it is let go, from where it is told that the files lie. */
  function member(queue: string, files: { readonly shared: string; readonly token?: string }) {
    const leaving = new AbortController();
    const told: string[] = [];
    const part = takePart({
      ...{ redis: server().url, queue, device: 'cpu', threads: 1, signal: leaving.signal, ...files },
      tell: (line) => void told.push(line),
    });
    part.catch(() => {});
    const leave = async (): Promise<number> => {
      leaving.abort();
      return (await part).shares;
    };
    return { told, part, leave };
  }

  /** What comes of a training in the folder that all share. */
  const inFolder = async (name: string, plan: Partial<TeamOptions>): Promise<Buffer> => {
    const one = member(name, { shared });
    await trainDenoiser({ ...run(name), team: team(name, plan) });
    await one.leave();
    return weights(name);
  };

  it.each(plans)(
    'with %s, through S3 and over HTTP, ends with the same bytes as in a folder',
    async (what, plan) => {
      const name = what.replace(' ', '-');
      const expected = await inFolder(name, plan);

      const [bucket, near] = [`s3://photos/${name}`, path(`${name}-s3`)];
      const there = member(`${name}-s3`, { shared: bucket });
      await trainDenoiser({ ...run(near), team: team(`${name}-s3`, { ...plan, shared: bucket }) });
      expect(await there.leave()).toBeGreaterThanOrEqual(4);
      expect(await weights(near)).toEqual(expected);
      await using storage = await S3Storage.at(bucket, undefined);
      const place = (await readFile(join(near, 'rounds', 'place'), 'utf8')).trim();
      expect(await storage.filesIn(`${place}/pictures`)).toHaveLength(3);
      // Of what was handed over that of the last rounds stays, and what members have to know.
      const left = await storage.filesIn(`${place}/rounds`);
      expect(left.filter((file) => file.endsWith('.json'))).toHaveLength(1);
      expect(left.length).toBeLessThanOrEqual(13);

      await using sharing = await shareFolder({ shared, tokens, port: 0 });
      const far = member(`${name}-http`, { shared: sharing.address, token });
      const folder = join(shared, `${name}-http`);
      await trainDenoiser({ ...run(folder), team: team(`${name}-http`, plan) });
      expect(await far.leave()).toBeGreaterThanOrEqual(4);
      expect(await weights(folder)).toEqual(expected);
    },
    240_000,
  );

  it('goes on from S3 to the same bytes, and copies no picture twice', async () => {
    const queue = 'again';
    const plan = { workers: 2, localSteps: 2 };
    const expected = await inFolder('unbroken', plan);
    const bucket = 's3://photos/again';
    const one = member(queue, { shared: bucket });
    const stopping = new AbortController();
    const folder = path('again');
    const first = await trainDenoiser({
      ...{ ...run(folder), team: team(queue, { ...plan, shared: bucket }), signal: stopping.signal },
      onProgress: ({ kind }) => void (kind === 'training' && stopping.abort(new Error('enough'))),
    });
    expect([first.finished, first.steps]).toEqual([false, 2]);
    await using storage = await S3Storage.at(bucket, undefined);
    const place = (await readFile(join(folder, 'rounds', 'place'), 'utf8')).trim();
    // What is there already is not looked at: another content would be written over.
    const [name = ''] = await storage.filesIn(`${place}/pictures`);
    await storage.put(`${place}/pictures/${name}`, new Blob(['not written again']));
    const put = vi.spyOn(S3Storage.prototype, 'put');
    const { startStep } = await resumeTraining(folder, {
      ...{ team: team(queue, { shared: bucket }), device: 'cpu', threads: 1 },
    });
    expect(put.mock.calls.filter(([to]) => to.includes('/pictures/'))).toEqual([]);
    put.mockRestore();
    expect(startStep).toBe(2);
    expect(await weights(folder)).toEqual(expected);
    expect(one.told.filter((line) => line.includes('lost'))).toEqual([]);
    await one.leave();
  }, 240_000);

  it('distils through S3 and over HTTP, with a teacher that is copied there', async () => {
    const teacher = path('teacher.safetensors');
    await saveDenoiserWeights(teacher, randomDenoiser(8, 1));
    const student = async (name: string, folder: string, files: Parameters<typeof member>[1]) => {
      const one = member(name, files);
      const { modules: _, ...how } = run(folder);
      await distill({
        ...{ ...how, teacher, variants: ['pd1'], patch: 32 },
        team: team(name, { localSteps: 2, shared: files.shared.startsWith('s3') ? files.shared : shared }),
      });
      await one.leave();
      return weights(folder);
    };
    const expected = await student('student', join(shared, 'student'), { shared });
    expect(await student('student-s3', path('student-s3'), { shared: 's3://photos' })).toEqual(expected);
    await using sharing = await shareFolder({ shared, tokens, port: 0 });
    const far = { shared: sharing.address, token };
    expect(await student('student-http', join(shared, 'student-http'), far)).toEqual(expected);
  }, 240_000);

  it('waits where the machine with the folder is away, and says so', async () => {
    const queue = 'away';
    const port = await freePort();
    const one = member(queue, { shared: `http://127.0.0.1:${port}`, token });
    const folder = join(shared, 'away');
    const training = trainDenoiser({ ...run(folder), team: team(queue) });
    await until(() => one.told.some((line) => line.includes('cannot be reached')));
    const [line] = one.told;
    expect(line).toBe(`http://127.0.0.1:${port} cannot be reached (nobody listens there); waiting for it`);
    await using _ = await shareFolder({ shared, tokens, port });
    expect((await training).steps).toBe(4);
    expect(await one.leave()).toBeGreaterThanOrEqual(4);
    for await (const { counted, late } of readMetrics(folder)) expect([counted, late]).toEqual([1, 0]);
  }, 120_000);

  it('is taken part in by who has a token and what was submitted, and written to by members alone', async () => {
    const queue = 'strange';
    await using sharing = await shareFolder({ shared, tokens, port: 0 });
    const stopping = new AbortController();
    const training = trainDenoiser({
      ...{ ...run('strange'), team: team(queue), signal: stopping.signal },
    });
    await using opened = await openTraining({ redis: server().url, queue });
    await until(async () => (await opened.shares.getJobs(['wait'])).length > 0);
    const [job] = await opened.shares.getJobs(['wait']);
    const { proof = '', run: place = '' } = job?.data ?? {};
    await expect(member(queue, { shared: sharing.address }).part).rejects.toThrow('lets in who has a token');
    await expect(member(queue, { shared: 's3://photos/nowhere' }).part).rejects.toThrow(
      's3://photos/nowhere/strange is not the folder of the run that is trained',
    );
    expect(await opened.shares.getJobCounts('wait', 'active')).toMatchObject({ wait: 1, active: 0 });

    await using storage = ShareStorage.at(sharing.address, token, undefined);
    const content = new Blob(['numbers']);
    const sha256 = createHash('sha256').update('numbers').digest('hex');
    const put = (to: string, by = proof) => storage.put(to, content, by);
    await put(`${place}/rounds/${sha256}.safetensors`);
    expect(await readFile(join(shared, place, 'rounds', `${sha256}.safetensors`), 'utf8')).toBe('numbers');
    await expect(put(`${place}/rounds/${'0'.repeat(64)}.safetensors`)).rejects.toThrow(
      'must hold what its name says',
    );
    for (const [to, by] of [
      [`${place}/rounds/${sha256}.safetensors`, 'x'.repeat(22)],
      [`${place}/rounds/key`, proof],
      [`${place}/rounds/../${sha256}.safetensors`, proof],
      [`rounds/${sha256}.safetensors`, proof],
      ['shots/0.png', proof],
    ] as const)
      await expect(put(to, by), to).rejects.toThrow(
        /is no place that is known to be written to by who asks|must be a path inside|404/,
      );
    stopping.abort(new Error('enough'));
    await training;
    const far = openTeam({ redis: server().url, queue, shared: sharing.address });
    await expect(trainDenoiser({ ...run(path('far')), team: far })).rejects.toThrow(
      'is for those who take part: train where the folder is',
    );
  }, 120_000);

  it('ends a member to whom a picture is not given that was changed meanwhile', async () => {
    const queue = 'changed';
    await using sharing = await shareFolder({ shared, tokens, port: 0 });
    const stopping = new AbortController();
    const training = trainDenoiser({
      ...{ ...run('changed'), team: team(queue), signal: stopping.signal },
    });
    await using opened = await openTraining({ redis: server().url, queue });
    await until(async () => (await opened.shares.getJobs(['wait'])).length > 0);
    const shots = join(shared, 'shots');
    await rename(join(shots, '0.png'), path('aside.png'));
    await photograph(70, 70).png().toFile(join(shots, '0.png'));
    const { part } = member(queue, { shared: sharing.address, token });
    await expect(part).rejects.toThrow('shots/0.png was changed since it was submitted');
    await rename(path('aside.png'), join(shots, '0.png'));
    expect(await opened.shares.getJobCounts('wait', 'active')).toMatchObject({ wait: 1, active: 0 });
    stopping.abort(new Error('enough'));
    await training;
    expect((await readdir(shots)).sort()).toEqual(['0.png', '1.png', '2.png']);
  }, 120_000);
});
