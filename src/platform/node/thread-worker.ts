// A thread that calls functions of modules by their names; see threads.ts.
import { parentPort } from 'node:worker_threads';
import { type ErrorFacts, RevelaError } from '../../errors.js';
import type { ThreadCall, ThreadReply } from './threads.js';

const port = parentPort;
if (port === null) throw new Error('thread-worker.js is started as a worker thread');

/** The buffers of a result that can be handed over in place of being copied. */
function buffersOf(result: unknown): readonly ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (value: unknown, depth: number): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength)
        found.add(value.buffer);
    } else if (typeof value === 'object' && value !== null && depth < 4)
      for (const inner of Object.values(value)) look(inner, depth + 1);
  };
  look(result, 0);
  return [...found];
}

/** What can be sent to another thread, whatever came. */
function factsOf({ code, option, expected, received, path }: RevelaError): Partial<ErrorFacts> {
  const facts = { option, expected, path, received: received === undefined ? undefined : String(received) };
  return Object.fromEntries(Object.entries({ code, ...facts }).filter(([, value]) => value !== undefined));
}

port.on('message', async ({ module, name, args }: ThreadCall) => {
  try {
    const exports: Readonly<Record<string, unknown>> = await import(module);
    const work = exports[name];
    if (typeof work !== 'function') throw new TypeError(`${module} exports no function ${name}`);
    const result: unknown = await Reflect.apply(work, undefined, args);
    port.postMessage({ outcome: 'done', result } satisfies ThreadReply<unknown>, [...buffersOf(result)]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reply: ThreadReply<unknown> = {
      outcome: 'failed',
      message,
      ...(error instanceof RevelaError ? { expected: factsOf(error) } : {}),
    };
    port.postMessage(reply);
  }
});
