// A thread that calls functions of modules by their names; see threads.ts.
import { parentPort } from 'node:worker_threads';
import { buffersOf } from '../../handed-over.js';
import { sentError } from '../../sent-error.js';
import { functionOf } from './thread-calls.js';
import type { ThreadCall, ThreadReply } from './threads.js';

const port = parentPort;
if (port === null) throw new Error('thread-worker.js is started as a worker thread');

port.on('message', async ({ module, name, args }: ThreadCall) => {
  try {
    const work = await functionOf(module, name);
    const result = await work(...args);
    port.postMessage({ outcome: 'done', result } satisfies ThreadReply<unknown>, [...buffersOf(result)]);
  } catch (error) {
    port.postMessage({ outcome: 'failed', error: sentError(error) } satisfies ThreadReply<unknown>);
  }
});
