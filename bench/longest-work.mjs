import { readFileSync } from 'node:fs';

/** Nanoseconds of the processor that this thread has had, or none where the system does not say. */
function taken() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]);
  } catch {
    return undefined;
  }
}

/**
 * Watches the caller's event loop: the most time of the processor that its thread takes between two turns. Unlike a timer's delay
 * it does not grow with what other processes do.
 *
 * @returns a function that ends the watch and gives milliseconds
 */
export function watchLoop() {
  let longest = 0;
  let before = taken();
  const look = () => {
    const now = taken();
    if (now === undefined || before === undefined) return;
    longest = Math.max(longest, now - before);
    before = now;
  };
  const timer = setInterval(look, 5);
  return () => {
    look();
    clearInterval(timer);
    return longest / 1e6;
  };
}
