/** How patches of squares are dealt out to batches. */
export interface PairOrder {
  /** Pairs a batch. */
  readonly batch: number;
  /** How many patches are cut from each square that was degraded. */
  readonly patchesPerSquare: number;
}

/** Where a pair comes from. */
export interface PairPlace {
  /** The number of the square. */
  readonly square: number;
  /** Which of its patches. */
  readonly patch: number;
}

/**
 * Which square pair `i` of batch `step` is cut from, by these numbers alone.
 *
 * Of n patches a square, each goes to a batch of its own, n steps after the one before it: n courses of batches take turns,
 * and only within a course squares last for n batches. No two pairs of a batch share a square, and the pairs of a batch
 * change squares one after the other, so that every batch needs about batch / n new ones.
 */
export function pairPlace({ batch, patchesPerSquare: n }: PairOrder, step: number, i: number): PairPlace {
  const course = step % n;
  const turn = Math.floor(step / n) + Math.floor(((batch - 1 - i) * n) / batch);
  return { square: (Math.floor(turn / n) * n + course) * batch + i, patch: turn % n };
}

/** Whether the pair is the first of its square that is needed, if batches begin with that of `first`. */
export function isNew(order: PairOrder, { patch }: PairPlace, step: number, first: number): boolean {
  return patch === 0 || step - order.patchesPerSquare < first;
}

/** The numbers of the squares, in the order in which the batches from step `first` on need them. */
export function* squaresInOrder(order: PairOrder, first: number): Generator<number, never> {
  for (let step = first; ; step++) {
    for (let i = 0; i < order.batch; i++) {
      const place = pairPlace(order, step, i);
      if (isNew(order, place, step, first)) yield place.square;
    }
  }
}
