import { workerData } from 'node:worker_threads';
import { type BatchNumbers, serveBatches } from '../../images/index.js';
import type { GradedBatch } from '../../quality/index.js';
import { type GradedRequest, gradedMaker } from './graded-batches.js';

/** What a worker thread is started with. */
export type GradedWorkerRequest = GradedRequest & BatchNumbers;

const request: GradedWorkerRequest = workerData;
serveBatches<GradedBatch>(
  request,
  () => gradedMaker(request),
  ({ pictures, damages }) => [pictures.buffer, damages.buffer],
);
