import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RevelaError } from '#src/errors.js';
import type { Runtime } from '#src/runtime/index.js';
import { Workbench } from '#src/web/workbench.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const silence = new Promise<never>(() => undefined);

/** A device that answers nothing, not even that it is closed where it is a graphics card. */
function silentRuntime(device: 'cpu' | 'webgpu'): Runtime {
  const silent = () => silence;
  const close = async () => (device === 'webgpu' ? silence : undefined);
  const shelf = { run: silent, trim: silent, close, [Symbol.asyncDispose]: close };
  return {
    ...{ device, threads: 1, description: device, shelf: () => shelf },
    ...{ target: silent, load: silent, loadLoop: silent, upload: silent, download: silent, write: silent },
    ...{ rest: silent, held: silent, close, [Symbol.asyncDispose]: close },
  };
}

async function workbench() {
  const opened: string[] = [];
  const bench = await Workbench.open(
    async (choice) => {
      opened.push(choice);
      return { runtime: silentRuntime(choice === 'webassembly' ? 'cpu' : 'webgpu'), reason: 'so it is' };
    },
    'assets/',
    'auto',
  );
  return { bench, opened };
}

const going = () => new AbortController().signal;
const memory = new RevelaError('there is no memory left', { code: 'ERR_MEMORY' });

test('a graphics card that stays silent for half a minute counts as lost', async () => {
  const { bench, opened } = await workbench();
  const mending = bench.mend(new RevelaError('it failed'), { tiled: true, signal: going() });
  await vi.advanceTimersByTimeAsync(29_000);
  expect(opened).toEqual(['auto']);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await mending).toBe('lost');
  expect(opened).toEqual(['auto', 'webassembly']);
  expect(bench.description).toEqual({ engine: 'cpu', reason: 'so it is; the graphics card was lost' });
});

test('the wait for a silent graphics card ends with what is stopped', async () => {
  const { bench, opened } = await workbench();
  const stop = new AbortController();
  const mending = bench.mend(new RevelaError('it failed'), { tiled: true, signal: stop.signal });
  stop.abort(new Error('enough of it'));
  await expect(mending).rejects.toThrow('enough of it');
  const stopped = bench.mend(new RevelaError('it failed'), { tiled: true, signal: stop.signal });
  await expect(stopped).rejects.toThrow('enough of it');
  expect(opened).toEqual(['auto']);
});

test('smaller tiles are tried only for what works in tiles', async () => {
  const { bench, opened } = await workbench();
  expect(await bench.mend(memory, { tiled: false, signal: going() })).toBeUndefined();
  expect([opened, bench.tile]).toEqual([['auto'], undefined]);
  for (const tile of [256, 128]) {
    const mending = bench.mend(memory, { tiled: true, signal: going() });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await mending).toBe('memory');
    expect(bench.tile).toBe(tile);
  }
  expect(await bench.mend(memory, { tiled: true, signal: going() })).toBeUndefined();
  expect(opened).toEqual(['auto', 'auto', 'auto']);
});
