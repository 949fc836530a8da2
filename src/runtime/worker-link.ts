import { Worker } from 'node:worker_threads';
import { RevelaError } from '../errors.js';
import type { Answer, Envelope, Reply, Request } from './protocol.js';

/** The way to the worker that owns the sessions. */
export interface WorkerLink {
  ask(request: Request, transfer?: readonly ArrayBuffer[]): Promise<Answer>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

/** ONNX Runtime's messages begin with status codes and source files: keeps what is said after them, on one line. */
function firstLine(message: string): string {
  const said = message
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*Status Message:\s*/, '')
    .replace(/\/\S+\.(cc|h):\d+\s*\S*\s*/g, '');
  return said.length > 300 ? `${said.slice(0, 300)}…` : said;
}

/** Starts the worker. It keeps the process alive only while a request is under way. */
export function startWorker(): WorkerLink {
  // Without the parent's flags: a worker refuses those that only make sense for a main script.
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), { execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let ended: Error | undefined;
  worker.unref();

  const failAll = (reason: Error): void => {
    ended = reason;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  worker.on('message', (reply: Reply) => {
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if (request === undefined) return;
    if ('error' in reply) request.reject(new Error(firstLine(reply.error)));
    else request.resolve(reply.answer);
  });
  worker.on('error', (error) =>
    failAll(
      new RevelaError(`the computation stopped: ${firstLine(error.message)}; it may have run out of memory`),
    ),
  );
  worker.on('exit', (code) =>
    failAll(ended ?? new RevelaError(`the computation stopped unexpectedly (worker exit code ${code})`)),
  );

  return {
    ask: (request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(ended);
          return;
        }
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        const envelope: Envelope = { id, request };
        worker.postMessage(envelope, [...transfer]);
      }),
    async close() {
      ended ??= new Error('the runtime is closed');
      await worker.terminate();
    },
  };
}
