import { workerData } from 'node:worker_threads';
import { type BatchNumbers, serveBatches } from '../images/index.js';
import { squaresInOrder } from './pair-order.js';
import { type PairRequest, type PairSquare, squareMaker } from './pair-squares.js';

/** What a worker thread is started with; it counts squares in the order in which batches need them. */
export interface PairWorkerRequest extends PairRequest, BatchNumbers {
  /** The first batch. */
  readonly firstStep: number;
}

/** A square, and its place in the order. */
export interface PlacedSquare extends PairSquare {
  readonly step: number;
}

const request: PairWorkerRequest = workerData;

async function open(): Promise<(place: number) => Promise<PlacedSquare>> {
  const make = await squareMaker(request);
  const numbers = squaresInOrder(request, request.firstStep);
  let passed = 0;
  return async (step) => {
    for (; passed < step; passed++) numbers.next();
    passed++;
    return { step, ...(await make(numbers.next().value)) };
  };
}

serveBatches<PlacedSquare>(request, open, ({ high, low, sharpened }) =>
  [high, low, ...(sharpened === undefined ? [] : [sharpened])].map(({ buffer }) => buffer),
);
