import type { Worker } from 'node:worker_threads';
import { disposable } from '../belongings.js';
import { RevelaError } from '../errors.js';
import type { BatchReply } from './serve-batches.js';

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

interface Waiting<Batch> {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Takes batches from threads that run {@link serveBatches}: of `n` threads, the one at `i` makes the batches
 * `first + i`, `first + i + n`, and so on. Failures of a thread, and the signal, end all of them.
 *
 * @param isBatch tells the batches among the replies
 */
export function batchThreads<Batch extends { readonly step: number }>(
  workers: readonly Worker[],
  first: number,
  isBatch: (reply: BatchReply<Batch>) => reply is Batch,
  signal?: AbortSignal,
): BatchSource<Batch> {
  const ready = new Map<number, Batch>();
  const waiting = new Map<number, Waiting<Batch>>();
  let asked = first;
  let ended: { readonly reason: unknown } | undefined;

  const end = async (reason: unknown): Promise<void> => {
    signal?.removeEventListener('abort', abort);
    ended ??= { reason };
    for (const { reject } of waiting.values()) reject(ended.reason);
    waiting.clear();
    for (const worker of workers) worker.ref(); // whoever waits for the end must see it, though nothing else keeps the process alive
    await Promise.all(workers.map((worker) => worker.terminate()));
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
  for (const worker of workers) {
    worker.on('message', (reply: BatchReply<Batch>) => {
      if (isBatch(reply)) deliver(reply);
      else void end(reply.expected ? new RevelaError(reply.failure) : new Error(reply.failure));
    });
    worker.on('error', (error) => void end(error));
    worker.unref();
  }
  signal?.addEventListener('abort', abort);

  return disposable({
    next() {
      const batch = ready.get(asked);
      if (batch === undefined && ended !== undefined) return Promise.reject(ended.reason);
      const step = asked++;
      ready.delete(step);
      if (ended === undefined) workers[(step - first) % workers.length]?.postMessage('taken');
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
