import { workerData } from 'node:worker_threads';
import { type BatchRequest, batchMaker } from './patch-batches.js';
import type { PatchBatch } from './patch-source.js';
import { type BatchNumbers, serveBatches } from './serve-batches.js';

/** What the worker thread is started with. */
export type WorkerRequest = BatchRequest & BatchNumbers;

const request: WorkerRequest = workerData;
serveBatches<PatchBatch>(
  request,
  async () => {
    const make = await batchMaker(request);
    return async (step) => ({ step, patches: await make(step) });
  },
  ({ patches }) => [patches.buffer],
);
