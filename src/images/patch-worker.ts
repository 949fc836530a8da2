import { parentPort, workerData } from 'node:worker_threads';
import { RevelaError } from '../errors.js';
import { type BatchMaker, type BatchRequest, batchMaker } from './patch-batches.js';

/** What the worker thread is started with: a request and the number of the first batch. */
export interface WorkerRequest extends BatchRequest {
  readonly startStep: number;
  /** Batches made before any is asked for. */
  readonly ahead: number;
}

/** A batch, or why there are no more. */
export type WorkerReply =
  | { readonly step: number; readonly patches: Float32Array<ArrayBuffer> }
  | { readonly failure: string; readonly expected: boolean };

/*
 * The thread makes batches in order while it has credit: `ahead` to begin with, and one more for each message,
 * which says that a batch was taken.
 */
const request: WorkerRequest = workerData;
let step = request.startStep;
let credit = request.ahead;
let working = false;
let maker: Promise<BatchMaker> | undefined;

async function work(): Promise<void> {
  if (working) return;
  working = true;
  maker ??= batchMaker(request);
  const make = await maker;
  for (; credit > 0; credit--) {
    const patches = await make(step);
    reply({ step, patches }, [patches.buffer]);
    step++;
  }
  working = false;
}

function reply(message: WorkerReply, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function workOrFail(): void {
  work().catch((error: unknown) => {
    const failure = error instanceof Error ? error.message : String(error);
    reply({ failure, expected: error instanceof RevelaError });
  });
}

parentPort?.on('message', () => {
  credit++;
  workOrFail();
});
workOrFail();
