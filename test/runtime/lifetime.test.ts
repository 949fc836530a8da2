import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import { describe, expect, test, vi } from 'vitest';
import { createRuntime, probeDevices } from '#src/runtime/index.js';
import { SessionCache } from '#src/runtime/session-cache.js';
import { additionModel, floats, longFeeds, longModel } from './programs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('sessions', () => {
  test('are made again when they are needed after others took their place', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 1, maxSessions: 2 });
    const lengths = [1, 2, 3, 4, 5];
    const executables = await Promise.all(lengths.map((length) => runtime.load(additionModel([length]))));
    for (let round = 0; round < 2; round++)
      // All at once: a session must not make room for another while its run is still to come.
      await Promise.all(
        executables.map(async (executable, index) => {
          const one = floats([lengths[index] ?? 0], () => 1);
          const { fetched } = await executable.run({ x: one, y: one });
          expect(fetched.sum?.data).toEqual(Float32Array.of(2 * (index + 1)));
        }),
      );
  });

  test('are bounded: the least recently used goes first', async () => {
    const cache = new SessionCache(2);
    const created: number[] = [];
    const get = (model: number) =>
      cache.get(model, '', () => {
        created.push(model);
        return ort.InferenceSession.create(additionModel([model]).bytes);
      });
    for (const model of [1, 2, 1, 3, 1, 2]) {
      await get(model);
      expect(cache.size).toBeLessThanOrEqual(2);
    }
    expect(created).toEqual([1, 2, 3, 2]);
    await cache.release(1);
    expect(cache.size).toBe(1);
    await cache.releaseAll();
    expect(cache.size).toBe(0);
  });
});

describe('stopping', () => {
  test('a run that has not begun is dropped, with the reason of the signal', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 2 });
    const long = await runtime.load(longModel());
    const short = await runtime.load(additionModel([2]), { keep: ['total'] });
    const stop = new AbortController();
    const feeds = { x: floats([2]), y: floats([2]) };
    const first = long.run(longFeeds);
    const second = short.run(feeds, { signal: stop.signal });
    const third = short.run(feeds);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect((await first).fetched.y?.shape).toEqual([]);
    expect((await third).kept.total?.shape).toEqual([2]);
    await expect(short.run(feeds, { signal: stop.signal })).rejects.toBe(reason);
  });

  test('a run that has begun finishes first', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 2 });
    const long = await runtime.load(longModel());
    const stop = new AbortController();
    const run = long.run(longFeeds, { signal: stop.signal });
    const settled: string[] = [];
    run.catch(() => settled.push('run'));
    stop.abort();
    const after = runtime.upload(floats([1])).then(() => settled.push('after'));
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    await after;
    expect(settled).toEqual(['run', 'after']);
  });

  test('a search for a device stops, too', async () => {
    await expect(createRuntime({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('closing waits for what was asked for, and ends the runtime', async () => {
    const runtime = await createRuntime({ device: 'cpu', threads: 2 });
    const executable = await runtime.load(longModel());
    const run = executable.run(longFeeds);
    await Promise.all([runtime.close(), runtime.close()]);
    expect((await run).fetched.y?.shape).toEqual([]);
    await expect(executable.run(longFeeds)).rejects.toMatchObject({
      name: 'RevelaError',
      message: 'the runtime is closed; create another to go on',
    });
  });
});

describe('the process', () => {
  const script = (end: string) => `
    import { createRuntime } from '#src/runtime/index.js';
    import { compile } from '#src/compile/index.js';
    import { negate, trace } from '#src/tensor/index.js';
    const runtime = await createRuntime({ device: 'cpu' });
    const program = await runtime.load(compile(trace(({ input }) => ({ y: negate(input('x', [2])) }))));
    const { fetched } = await program.run({ x: { data: Float32Array.of(1, 2), shape: [2], dtype: 'float32' } });
    console.log(fetched.y.data.join());
    ${end}`;
  test.each([
    ['after closing', 'await runtime.close();'],
    ['though nobody closed', ''],
  ])('ends by itself %s', async (_, end) => {
    const argv = ['--input-type=module', '--eval', script(end)];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, { cwd: root });
    expect(stdout).toBe('-1,-2\n');
    expect(stderr).toBe('');
  });

  test('survives the death of the worker, and says so', async () => {
    const threads = vi.spyOn(Worker.prototype, 'unref');
    const runtime = await createRuntime({ device: 'cpu', threads: 1 });
    const worker = threads.mock.contexts[0];
    threads.mockRestore();
    if (!(worker instanceof Worker)) throw new Error('the runtime has no worker');
    const executable = await runtime.load(longModel());
    const message = expect.stringMatching(
      /^the thread that computes ended unexpectedly \(exit code 1\); [^\n]*$/,
    );
    const run = executable.run(longFeeds);
    const queued = runtime.upload(floats([1]));
    void worker.terminate();
    await expect(run).rejects.toMatchObject({ name: 'RevelaError', message });
    await expect(queued).rejects.toMatchObject({ name: 'RevelaError', message });
    await expect(runtime.upload(floats([1]))).rejects.toMatchObject({ name: 'RevelaError', message });
    await runtime.close();
  });
});

describe('devices', () => {
  test('one that is not here is one clear line', async () => {
    const error = await createRuntime({ device: 'cuda' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'RevelaError',
      message: expect.stringMatching(
        /^--device cuda does not work here: [^\n]+; it needs an NVIDIA driver[^\n]+$/,
      ),
    });
  });

  test('a report for each', async () => {
    const reports = await probeDevices({ threads: 2 });
    expect(reports.map(({ device }) => device)).toEqual(['cpu', 'webgpu', 'cuda']);
    const [cpu] = reports;
    expect(cpu?.works).toBe(true);
    expect(cpu?.speed).toBeGreaterThan(0);
    expect(cpu?.matmulSpeed).toBeGreaterThan(0);
    expect(cpu?.detail).toMatch(
      /^CPU, 2 threads: [\d.]+ GFLOP\/s in convolutions, [\d.]+ in matrix products$/,
    );
    for (const { works, problem, detail } of reports) {
      expect(problem === undefined).toBe(works);
      expect(detail).not.toContain('\n');
    }
  });
});
