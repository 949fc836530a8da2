import { workerData } from 'node:worker_threads';
import { type BatchNumbers, serveBatches } from '../images/index.js';
import { type PairBatch, type PairRequest, pairMaker } from './pair-batches.js';

/** What a worker thread is started with. */
export type PairWorkerRequest = PairRequest & BatchNumbers;

const request: PairWorkerRequest = workerData;
serveBatches<PairBatch>(
  request,
  () => pairMaker(request),
  ({ high, low, sharpened }) =>
    [high, low, ...(sharpened === undefined ? [] : [sharpened])].map(({ buffer }) => buffer),
);
