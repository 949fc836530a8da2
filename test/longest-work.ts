import { existsSync, readFileSync } from 'node:fs';

const figures = '/proc/thread-self/schedstat';

/** Whether the system says how much of the processor a thread has had: Linux does. */
export const tellsWork = existsSync(figures);

/** Nanoseconds of the processor that this thread has had. */
const taken = (): number => Number(readFileSync(figures, 'utf8').split(' ')[0]);

/**
 * The most milliseconds of the processor that the caller's thread takes between two turns of its event loop while work is done. It is
 * no time of a clock: what other processes do is not in it.
 */
export async function longestWork(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = taken();
  const look = (): void => {
    const now = taken();
    longest = Math.max(longest, now - before);
    before = now;
  };
  const timer = setInterval(look, 5);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return longest / 1e6;
}
