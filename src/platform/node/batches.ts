import { Worker } from 'node:worker_threads';
import { disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { receivedError, type SentError } from '../../sent-error.js';
import { restingThreads } from './resting-threads.js';

/** Batches in the order of their steps. */
export interface BatchSource<Batch> extends AsyncDisposable {
  /**
   * The next batch.
   *
   * @throws RevelaError if a file cannot be read; the reason of the signal once it has been given; Error after `close`
   */
  next(): Promise<Batch>;
  /** Stops the threads and frees what they hold. May be called twice. */
  close(): Promise<void>;
}

/** Which batches a thread makes. */
export interface BatchNumbers {
  /** The number of its first one. */
  readonly startStep: number;
  /** From one to the next; the number of threads that share the work. */
  readonly stride: number;
  /** Batches made before any is asked for. */
  readonly ahead: number;
}

/** A batch knows its number. */
export interface Numbered {
  readonly step: number;
}

/** Makes batch number `step`; numbers rise from call to call. */
export type BatchMaker<Batch extends Numbered> = (step: number) => Promise<Batch>;

/** What a thread is to do: the function that opens its maker, and what that is told. */
export interface BatchWork {
  readonly module: string;
  readonly name: string;
  readonly request: BatchNumbers;
}

/** What a thread is told: what to do, that a batch was asked for, and that no more are needed. */
export type BatchOrder = BatchWork | 'taken' | 'end';

/** A batch, why there are no more, or that there will be none, and nothing is held for them. */
export type BatchReply<Batch> = { readonly batch: Batch } | { readonly failure: SentError } | 'ended';

// Options such as --input-type, under which the process may run, are not meant for this file.
const threads = restingThreads(
  () => new Worker(new URL('./batch-worker.js', import.meta.url), { name: 'revela batches', execArgv: [] }),
);

/** So many milliseconds a thread has to finish the batch that it is at; then it is ended. */
const SOON = 100;

/** Lets a thread go whose batches nobody needs. */
async function leave(worker: Worker): Promise<void> {
  worker.ref(); // whoever waits for the end must see it, though nothing else keeps the process alive
  const ended = await new Promise<boolean>((resolve) => {
    const late = setTimeout(resolve, SOON, false);
    const finish = (well: boolean): void => {
      clearTimeout(late);
      worker.off('message', hear);
      worker.off('exit', gone);
      resolve(well);
    };
    const hear = (reply: BatchReply<unknown>): void => {
      if (reply === 'ended') finish(true);
    };
    const gone = (): void => finish(false);
    worker.on('message', hear);
    worker.on('exit', gone);
    worker.postMessage('end' satisfies BatchOrder);
  });
  if (ended) threads.rest(worker);
  else await worker.terminate();
}

interface Waiting<Batch> {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Batches that are made by threads, some ahead of time: of `n` requests, which are a thread each, the one at `i` makes the
 * batches `first + i`, `first + i + n`, and so on. Failures of a thread, and the signal, end all of them.
 *
 * @param module the address of the module that exports `open` by its own name
 * @param open is called once in each thread; gives what makes batches
 *
 * @example
 * batchesAside(new URL('./patch-batches.js', import.meta.url), batchMaker, [request], 0);
 */
export function batchesAside<Request extends BatchNumbers, Batch extends Numbered>(
  module: URL,
  open: (request: Request) => Promise<BatchMaker<Batch>>,
  requests: readonly Request[],
  first: number,
  signal?: AbortSignal,
): BatchSource<Batch> {
  const hands = requests.map((request) => {
    const worker = threads.take();
    // One that ends by itself gives nothing more, and whoever waits would do so for ever.
    const exited = (code: number): void => {
      lost.add(worker);
      void end(new RevelaError(`a thread that cuts batches ended unexpectedly (exit code ${code})`));
    };
    return { worker, request, exited };
  });
  const workers = hands.map(({ worker }) => worker);
  const ready = new Map<number, Batch>();
  const waiting = new Map<number, Waiting<Batch>>();
  let asked = first;
  let ended: { readonly reason: unknown } | undefined;
  let left: Promise<unknown> | undefined;
  const lost = new Set<Worker>();

  const end = async (reason: unknown): Promise<void> => {
    signal?.removeEventListener('abort', abort);
    ended ??= { reason };
    for (const { reject } of waiting.values()) reject(ended.reason);
    waiting.clear();
    left ??= Promise.all(
      hands.map(({ worker, exited }) => {
        worker.off('message', heard).off('error', broken).off('exit', exited);
        return lost.has(worker) ? undefined : leave(worker);
      }),
    );
    await left;
  };
  const abort = () => {
    ready.clear();
    void end(signal?.reason);
  };
  const deliver = (batch: Batch): void => {
    if (ended !== undefined) return; // it was under way
    const waiter = waiting.get(batch.step);
    if (waiter === undefined) ready.set(batch.step, batch);
    waiting.delete(batch.step);
    waiter?.resolve(batch);
    if (waiting.size === 0) for (const worker of workers) worker.unref(); // batches made ahead must not keep the process alive
  };
  const heard = (reply: BatchReply<Batch>): void => {
    if (reply === 'ended') return;
    if ('batch' in reply) deliver(reply.batch);
    else void end(receivedError(reply.failure));
  };
  const broken = (error: unknown): void => void end(error);
  for (const { worker, request, exited } of hands) {
    worker.on('message', heard).on('error', broken).on('exit', exited);
    worker.postMessage({ module: module.href, name: open.name, request } satisfies BatchOrder);
    worker.unref();
  }
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });

  return disposable({
    next() {
      const batch = ready.get(asked);
      if (batch === undefined && ended !== undefined) return Promise.reject(ended.reason);
      const step = asked++;
      ready.delete(step);
      if (ended === undefined)
        workers[(step - first) % workers.length]?.postMessage('taken' satisfies BatchOrder);
      if (batch !== undefined) return Promise.resolve(batch);
      for (const worker of workers) worker.ref();
      return new Promise((resolve, reject) => waiting.set(step, { resolve, reject }));
    },
    close() {
      ready.clear();
      return end(new Error('the source of batches is closed'));
    },
  });
}
