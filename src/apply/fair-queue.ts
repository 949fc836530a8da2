/** Work of which only so much is done at once. */
export interface FairQueue {
  /**
   * Does the work as soon as there is a place, in the order in which it was asked for.
   *
   * @param signal takes it out of the queue; what has begun stops by itself
   */
  take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/**
 * Pictures that are worked on at once need the memory of all of them: callers may ask at once, and are served in turn. Two at a
 * time, so that one is decoded while the network looks at the other, and a small picture need not wait for a large one's end.
 *
 * @example
 * const queue = fairQueue();
 * await Promise.all(pictures.map((picture) => queue.take(() => denoise(picture))));
 */
export function fairQueue(places = 2): FairQueue {
  let free = places;
  const waiting: (() => void)[] = [];
  const place = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(begin);
    });
  return {
    async take(work, signal) {
      signal?.throwIfAborted();
      if (free > 0) free -= 1;
      else await place(signal);
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
