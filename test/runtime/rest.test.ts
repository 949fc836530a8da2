import { afterEach, expect, test, vi } from 'vitest';
import { nodeWorker } from '#src/runtime/node/node-worker.js';
import { openRuntime } from '#src/runtime/open-runtime.js';
import type { OpenLine, WorkerLine } from '#src/runtime/worker-line.js';
import { add, type Program, trace } from '#src/tensor/index.js';
import { floats } from './programs.js';

/** What a line does otherwise than a thread's. */
type Odd = (line: WorkerLine, listener: Parameters<OpenLine>[0]) => Partial<WorkerLine>;

/** A runtime whose memory never shrinks, and how many workers were begun and ended; those in `odd`, by their number, are odd. */
function openRenewed(odd: Readonly<Record<number, Odd>> = {}) {
  const count = { begun: 0, ended: 0 };
  const runtime = openRuntime({
    line(listener) {
      count.begun += 1;
      const line = nodeWorker(listener);
      return {
        ...line,
        ...odd[count.begun]?.(line, listener),
        async terminate() {
          count.ended += 1;
          await line.terminate();
        },
      };
    },
    ...{ device: 'cpu', threads: 1, shelfBytes: 2 ** 20, renews: true, describe: () => 'CPU' },
    target: { device: 'cpu' },
  });
  const shelf = runtime.shelf();
  const adding = (): Program => trace(({ input }) => ({ sum: add(input('x', [1]), input('y', [1])) }));
  const feeds = { x: floats([1], () => 1), y: floats([1], () => 2) };
  const use = async (): Promise<void> => {
    const { fetched } = await shelf.run('1', adding, feeds);
    expect(fetched.sum?.data).toEqual(Float32Array.of(3));
  };
  return { runtime, count, use };
}

const kindOf = (message: object): unknown => ('kind' in message ? message.kind : undefined);

afterEach(() => {
  vi.useRealTimers();
});

test('where memory never shrinks another worker takes the place of one that rests, unless that holds something', async () => {
  const { runtime, count, use } = openRenewed();
  await using _ = runtime;
  await use();
  await runtime.rest();
  expect(count).toEqual({ begun: 2, ended: 1 });
  await use();
  const tensor = await runtime.upload(floats([1], () => 7));
  await runtime.rest();
  expect(count).toEqual({ begun: 2, ended: 1 });
  expect((await runtime.download(tensor)).data).toEqual(Float32Array.of(7));
  const running = use();
  await runtime.rest();
  await running;
  tensor.release();
  await runtime.rest();
  expect(count).toEqual({ begun: 3, ended: 2 });
  await use();
});

test('a worker that is asked for something as another is begun goes on', async () => {
  const { runtime, count, use } = openRenewed();
  await using _ = runtime;
  await use();
  const resting = runtime.rest();
  await vi.waitUntil(() => count.begun === 2, { interval: 1, timeout: 30_000 });
  const tensor = await runtime.upload(floats([1], () => 7));
  await resting;
  expect(count).toEqual({ begun: 2, ended: 1 });
  expect((await runtime.download(tensor)).data).toEqual(Float32Array.of(7));
});

test('a worker that dies before it says that it is closed keeps nobody waiting', async () => {
  const { runtime, count, use } = openRenewed({
    1: (line, { lost }) => ({
      post(message, transfer) {
        if (kindOf(message) === 'close') lost('it was too much');
        else line.post(message, transfer);
      },
    }),
  });
  await using _ = runtime;
  await use();
  await runtime.rest();
  expect(count).toEqual({ begun: 2, ended: 1 });
  await use();
});

test('where no other worker can be had the old one goes on', async () => {
  const { runtime, count, use } = openRenewed({
    2: (line, { lost }) => ({
      post(message, transfer) {
        if (kindOf(message) === 'open') lost('its program could not be loaded');
        else line.post(message, transfer);
      },
    }),
    3: (line, { reply }) => ({
      post(message, transfer) {
        if (kindOf(message) === 'load' && 'id' in message && typeof message.id === 'number')
          reply({ id: message.id, outcome: 'failed', message: 'no available backend found' });
        else line.post(message, transfer);
      },
    }),
    4: () => ({ post() {} }),
  });
  await using _ = runtime;
  await use();
  for (const begun of [2, 3]) {
    await runtime.rest();
    expect(count).toEqual({ begun, ended: begun - 1 });
    await use();
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const resting = runtime.rest();
  await vi.waitUntil(() => count.begun === 4, { interval: 1, timeout: 30_000 });
  await vi.advanceTimersByTimeAsync(20_000);
  await resting;
  expect(count).toEqual({ begun: 4, ended: 3 });
  await use();
});

test('of a worker that has died its next call tells, and not that it is to rest', async () => {
  let end = (_reason: string): void => undefined;
  const { runtime, use } = openRenewed({
    1: (_, { lost }) => {
      end = lost;
      return {};
    },
  });
  await using _ = runtime;
  await use();
  end('it was too much');
  await runtime.rest();
  await expect(use()).rejects.toThrow('ended unexpectedly (it was too much)');
});
