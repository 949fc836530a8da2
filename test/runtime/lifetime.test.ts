import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { compileLoop } from '#src/compile/index.js';
import type { ProgramShelf } from '#src/runtime/index.js';
import { createRuntime, probeDevices } from '#src/runtime/node/index.js';
import { programBytes } from '#src/runtime/program-bytes.js';
import { add, negate, type Program, trace } from '#src/tensor/index.js';
import { additionModel, floats, longFeeds, longModel } from './programs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('programs on shelves', () => {
  /** Adds two lists of so many numbers. */
  const adding = (length: number) => (): Program =>
    trace(({ input }) => ({ sum: add(input('x', [length]), input('y', [length])) }));
  const feedsOf = (length: number) => ({ x: floats([length], () => 1), y: floats([length], () => 2) });

  test('are made again when they are needed after others took their place', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 1, shelfBytes: 1 });
    const shelf = runtime.shelf();
    for (let round = 0; round < 2; round++)
      for (const length of [1, 2, 3]) {
        const { fetched } = await shelf.run(`${length}`, adding(length), feedsOf(length));
        expect(fetched.sum?.data).toEqual(new Float32Array(length).fill(3));
        expect(await runtime.held()).toMatchObject({ models: 1, sessions: 1 });
      }
  });

  test('do not go while they are in use', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 1, shelfBytes: 1 });
    const shelf = runtime.shelf();
    const lengths = [1, 2, 3, 4, 5];
    const runs = await Promise.all(
      lengths.map((length) => shelf.run(`${length}`, adding(length), feedsOf(length))),
    );
    expect(runs.map(({ fetched }) => fetched.sum?.data.length)).toEqual(lengths);
    await shelf.run('6', adding(6), feedsOf(6));
    expect(await runtime.held()).toMatchObject({ models: 1, sessions: 1 });
    await shelf.trim();
    expect(await runtime.held()).toMatchObject({ models: 0, sessions: 0 });
  });

  test('share one limit of bytes, and the one used longest ago goes first', async () => {
    const bytes = programBytes(adding(1000)());
    await using runtime = await createRuntime({ device: 'cpu', threads: 1, shelfBytes: 2 * bytes });
    const [one, other] = [runtime.shelf(), runtime.shelf()];
    let traced: string[] = [];
    const use = async (shelf: ProgramShelf, key: string): Promise<void> => {
      const write = (): Program => {
        traced.push(key);
        return adding(1000)();
      };
      await shelf.run(key, write, feedsOf(1000));
      expect((await runtime.held()).models).toBeLessThanOrEqual(2);
    };
    for (const key of ['a', 'b', 'a']) await use(one, key);
    await use(other, 'a');
    await use(one, 'a');
    expect(traced).toEqual(['a', 'b', 'a']);
    traced = [];
    await use(one, 'b');
    await use(one, 'a');
    expect(traced).toEqual(['b']);
    await one.close();
    expect((await runtime.held()).models).toBe(0);
    await other.close();
  });

  test('that cannot be made are not kept, nor what they were made of', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    const shelf = runtime.shelf();
    const broken = () => trace(({ input }) => ({ x: negate(input('x', [1])) }));
    await expect(shelf.run('key', broken, feedsOf(1))).rejects.toThrow('name of an input and of an output');
    const { fetched } = await shelf.run('key', adding(1), feedsOf(1));
    expect(fetched.sum?.data).toEqual(Float32Array.of(3));
  });

  test('and all that is held otherwise is counted, and given back', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    const nothing = { models: 0, sessions: 0, tensors: 0, loops: 0 };
    {
      await using executable = await runtime.load(adding(2)());
      await using _loop = await runtime.loadLoop(
        compileLoop(trace(({ input }) => ({ x: negate(input('x', [1])) }))),
      );
      const { kept } = await executable.run(feedsOf(2), { keep: ['sum'] });
      expect(await runtime.held()).toEqual({ models: 1, sessions: 1, tensors: 1, loops: 1 });
      kept['sum']?.release();
    }
    expect(await runtime.held()).toEqual(nothing);
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
    import { createRuntime } from '#src/runtime/node/index.js';
    import { compile } from '#src/compile/index.js';
    import { conv2d, negate, trace } from '#src/tensor/index.js';
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

  test.each([0, 3, 10, 30])('is left %i ms after a run began, with its own exit code', async (wait) => {
    const end = `
    const [shape, kernel] = [[1, 64, 128, 128], [64, 64, 3, 3]];
    const zeros = (shape) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)), shape, dtype: 'float32' });
    const chain = trace(({ input }) => {
      let y = input('x', shape);
      for (let i = 0; i < 12; i++) y = conv2d(y, input('weight' + i, kernel), undefined, { padding: 1 });
      return { y };
    });
    const long = await runtime.load(compile(chain));
    const feeds = { x: zeros(shape) };
    for (let i = 0; i < 12; i++) feeds['weight' + i] = zeros(kernel);
    void long.run(feeds);
    setTimeout(() => process.exit(3), ${wait});`;
    const argv = ['--input-type=module', '--eval', script(end)];
    const left = promisify(execFile)(process.execPath, argv, { cwd: root });
    await expect(left).rejects.toMatchObject({ code: 3, stdout: '-1,-2\n', stderr: '' });
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
    // While it has nothing to do: ONNX Runtime aborts the process when it is ended in the midst of a run.
    void worker.terminate();
    const run = executable.run(longFeeds);
    const queued = runtime.upload(floats([1]));
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
        /^`device` cuda does not work here: [^\n]+; it needs an NVIDIA driver[^\n]+$/,
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
