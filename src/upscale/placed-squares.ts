import { squaresInOrder } from './pair-order.js';
import { type PairRequest, type PairSquare, squareMaker } from './pair-squares.js';

/** What decides the squares that batches need, from the first batch on. */
export interface PlacedRequest extends PairRequest {
  /** The first batch. */
  readonly firstStep: number;
}

/** A square, and its place in the order. */
export interface PlacedSquare extends PairSquare {
  readonly step: number;
}

/** Makes squares by their places in the order in which batches need them, which rise from call to call. */
export async function placedSquares(
  request: PlacedRequest,
): Promise<(place: number) => Promise<PlacedSquare>> {
  const make = await squareMaker(request);
  const numbers = squaresInOrder(request, request.firstStep);
  let passed = 0;
  return async (step) => {
    for (; passed < step; passed++) numbers.next();
    passed++;
    return { step, ...(await make(numbers.next().value)) };
  };
}
