import { Worker } from 'node:worker_threads';
import type { Reply } from '../protocol.js';
import type { WorkerLine, WorkerListener } from '../worker-line.js';

/** Starts a thread of Node that owns the sessions of one runtime. */
export function nodeWorker({ reply, lost }: WorkerListener): WorkerLine {
  // ONNX Runtime reads it when it is loaded: otherwise it tells its maker of each process, and keeps a number for the machine.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  // Native libraries write to the process's streams by themselves; the worker itself prints nothing.
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), {
    name: 'revela sessions',
    // A worker refuses those of the parent's flags that only make sense for a main script.
    execArgv: [],
  });
  worker.on('message', (message: Reply) => reply(message));
  worker.on('error', (error: Error) => lost(error.message));
  worker.on('exit', (code) => lost(`exit code ${code}`));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    wanted: (busy) => (busy ? worker.ref() : worker.unref()),
    async terminate() {
      await worker.terminate();
    },
  };
}
