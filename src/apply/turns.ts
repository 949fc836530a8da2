/** Work that is done one after another, in the order in which it was asked for. */
export interface Turns {
  /** Does the work when all before it has ended, well or not. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Waits for all that was asked for. */
  over(): Promise<void>;
}

/**
 * Pictures that are looked at at once would need the memory of all of them, and take the programs away that others are about
 * to use: callers may ask at once, and get their results in turn.
 */
export function inTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
    async over() {
      await last;
    },
  };
}
