/** What is done beside the work takes at most one part in so many of the time. */
const SHARE = 5;

/**
 * Does something now and then: after each time it rests five times as long as it took, and calls meanwhile do nothing.
 *
 * @param now milliseconds
 */
export function sparing<Given extends readonly unknown[]>(
  work: (...given: Given) => Promise<void>,
  now: () => number = () => performance.now(),
): (...given: Given) => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  return async (...given) => {
    const begin = now();
    if (begin < next) return;
    await work(...given);
    const end = now();
    next = end + SHARE * (end - begin);
  };
}
