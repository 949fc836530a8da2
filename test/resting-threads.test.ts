import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { restingThreads } from '#src/platform/node/resting-threads.js';
import { createRuntime } from '#src/runtime/node/index.js';
import { add, trace } from '#src/tensor/index.js';

const started: Worker[] = [];
const threads = () =>
  restingThreads(() => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (say) => { if (say === 'break') throw new Error('broken'); parentPort.postMessage(say); });`,
      { eval: true },
    );
    started.push(worker);
    return worker;
  });

/** Breaks a thread, and waits until it is gone. */
const broken = (worker: Worker): Promise<unknown> =>
  new Promise((resolve) => worker.once('exit', resolve).postMessage('break'));

test('a thread that rests is taken again, one at a time, and ends when nobody takes it', async () => {
  const pool = threads();
  const first = pool.take();
  expect(pool.take()).not.toBe(first);
  pool.rest(first);
  expect(pool.take()).toBe(first);
  first.postMessage('still here');
  expect(await once(first, 'message')).toEqual(['still here']);
  pool.rest(first);
  // It rests, and keeps no process alive; somebody who waits for its end sees it.
  first.ref();
  expect(await once(first, 'exit')).toEqual([1]);
  expect(pool.take()).not.toBe(first);
  await Promise.all(started.map((worker) => worker.terminate()));
});

test('a thread that broke, before it rests or while it does, is not taken again and is no fault of the process', async () => {
  const pool = threads();
  const [one, other] = [pool.take(), pool.take()];
  await broken(one);
  pool.rest(one);
  expect(pool.take()).not.toBe(one);
  pool.rest(other);
  other.ref();
  await broken(other);
  expect(pool.take()).not.toBe(other);
  await Promise.all(started.map((worker) => worker.terminate()));
});

test('all that rest can be ended at once', async () => {
  const pool = threads();
  const both = [pool.take(), pool.take()];
  for (const worker of both) pool.rest(worker);
  await pool.end();
  expect(both.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  expect(both).not.toContain(pool.take());
  await Promise.all(started.map((worker) => worker.terminate()));
});

test('a runtime that is opened when another was closed computes and holds nothing of it', async () => {
  const sum = trace(({ input }) => ({ sum: add(input('x', [2]), input('y', [2])) }));
  const values = (...data: number[]) =>
    ({ dtype: 'float32', shape: [2], data: Float32Array.from(data) }) as const;
  for (let round = 0; round < 3; round++) {
    const runtime = await createRuntime({ device: 'cpu', threads: 1 });
    expect(await runtime.held()).toEqual({ models: 0, sessions: 0, tensors: 0, loops: 0 });
    const { run } = await runtime.load(sum);
    await runtime.upload(values(5, 6));
    expect((await run({ x: values(1, 2), y: values(round, 4) })).fetched.sum?.data).toEqual(
      Float32Array.of(1 + round, 6),
    );
    await runtime.close();
    await expect(runtime.held()).rejects.toThrow('the runtime is closed');
  }
});
