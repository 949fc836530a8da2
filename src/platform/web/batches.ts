import { disposable } from '../../belongings.js';

/** Batches in the order of their steps. */
export interface BatchSource<Batch> extends AsyncDisposable {
  /**
   * The next batch.
   *
   * @throws the reason of the signal once it has been given; Error after `close`
   */
  next(): Promise<Batch>;
  /** Frees what it holds. May be called twice. */
  close(): Promise<void>;
}

/** Which batches are made. */
export interface BatchNumbers {
  /** The number of the first one. */
  readonly startStep: number;
  /** From one to the next; the number of requests that share the work. */
  readonly stride: number;
  /** Not used here: a batch is made when it is asked for. */
  readonly ahead: number;
}

/** A batch knows its number. */
export interface Numbered {
  readonly step: number;
}

/** Makes batch number `step`; numbers rise from call to call. */
export type BatchMaker<Batch extends Numbered> = (step: number) => Promise<Batch>;

/**
 * The batches of Node's side, made where they are asked for: a page trains in a worker that waits for another one, which
 * computes, and makes them meanwhile.
 */
export function batchesAside<Request extends BatchNumbers, Batch extends Numbered>(
  _module: URL,
  open: (request: Request) => Promise<BatchMaker<Batch>>,
  requests: readonly Request[],
  first: number,
  signal?: AbortSignal,
): BatchSource<Batch> {
  const makers: Promise<BatchMaker<Batch>>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let asked = first;
  let closed = false;

  async function make(step: number): Promise<Batch> {
    signal?.throwIfAborted();
    if (closed) throw new Error('the source of batches is closed');
    const turn = (step - first) % requests.length;
    const request = requests[turn];
    if (request === undefined) throw new RangeError('nobody makes batches');
    makers[turn] ??= open(request);
    return (await makers[turn])(step);
  }

  return disposable({
    // One after another: each maker draws in the order of its batches.
    next() {
      const step = asked++;
      const batch = last.then(() => make(step));
      last = batch.catch(() => undefined);
      return batch;
    },
    async close() {
      closed = true;
    },
  });
}
