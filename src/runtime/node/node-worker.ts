import { Worker } from 'node:worker_threads';
import { restingThreads } from '#platform/resting-threads';
import type { Reply } from '../protocol.js';
import type { WorkerLine, WorkerListener } from '../worker-line.js';
import { awaitUndisturbed, free, type ThreadLock, threadLock } from './thread-lock.js';

/** Locks of the threads that live. */
const locks = new Set<ThreadLock>();

/** Runs when the process ends, while there are threads. */
const awaitThreads = (): void => awaitUndisturbed(locks);

const threads = restingThreads(() => {
  // ONNX Runtime reads it when it is loaded: otherwise it tells its maker of each process, and keeps a number for the machine.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  // Native libraries write to the process's streams by themselves; the worker itself prints nothing.
  const lock = threadLock();
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), {
    name: 'revela sessions',
    workerData: lock,
    // A worker refuses those of the parent's flags that only make sense for a main script.
    execArgv: [],
  });
  if (locks.size === 0) process.on('exit', awaitThreads);
  locks.add(lock);
  // It has ended, though its end is told later.
  worker.once('error', () => free(lock));
  worker.once('exit', () => {
    locks.delete(lock);
    if (locks.size === 0) process.off('exit', awaitThreads);
  });
  return worker;
});

/** A thread of Node that owns the sessions of one runtime: a new one, or that of a runtime that was closed a moment ago. */
export function nodeWorker({ reply, lost }: WorkerListener): WorkerLine {
  const worker = threads.take();
  const heard = (message: Reply): void => reply(message);
  const broken = (error: Error): void => lost(error.message);
  const gone = (code: number): void => lost(`exit code ${code}`);
  worker.on('message', heard);
  worker.on('error', broken);
  worker.on('exit', gone);
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    wanted: (busy) => (busy ? worker.ref() : worker.unref()),
    async terminate() {
      await worker.terminate();
    },
    async leave() {
      worker.off('message', heard);
      worker.off('error', broken);
      worker.off('exit', gone);
      threads.rest(worker);
    },
  };
}
