/** How many of several pictures are done, how fast it goes, and when it will end. */
export interface PicturePace {
  /** From 1. */
  readonly index: number;
  readonly count: number;
  readonly picturesPerSecond: number;
  readonly remainingSeconds: number;
}

/**
 * Begins to count pictures. What it gives is called when one more is done; those that were known from before do not count
 * for the speed.
 *
 * @param count of all pictures
 */
export function picturePace(count: number): (known?: boolean) => PicturePace {
  const begin = performance.now();
  let [index, looked] = [0, 0];
  return (known = false) => {
    index += 1;
    if (!known) looked += 1;
    const picturesPerSecond = (looked * 1000) / (performance.now() - begin);
    const remaining = count - index;
    return {
      ...{ index, count, picturesPerSecond },
      remainingSeconds: remaining === 0 || looked === 0 ? 0 : remaining / picturesPerSecond,
    };
  };
}
