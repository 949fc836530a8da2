/** What a thread is at, as both ends of a lock see it. */
const [FREE, AT_WORK, ENDING] = [0, 1, 2];

/** Milliseconds that the end of the process waits for a thread. */
const LONGEST = 5000;

/**
 * A lock between a thread and the process that ends: native code that is ended with its thread may throw where nobody can catch it, and the
 * process is aborted instead of leaving with its exit code. ONNX Runtime for Node is such code while it computes.
 */
export type ThreadLock = Int32Array<SharedArrayBuffer>;

/** A thread loads its code first, in which it must not be ended either: it calls {@link free} then. */
export function threadLock(): ThreadLock {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(AT_WORK);
}

/** In the thread: nothing is at hand. */
export function free(lock: ThreadLock): void {
  Atomics.compareExchange(lock, 0, AT_WORK, FREE);
  Atomics.notify(lock, 0);
}

/** In the thread: does something in which it must not be ended. Once the process ends, nothing more is begun. */
export async function undisturbed(lock: ThreadLock, work: () => Promise<void>): Promise<void> {
  if (Atomics.compareExchange(lock, 0, FREE, AT_WORK) === ENDING) await new Promise(() => undefined);
  try {
    await work();
  } finally {
    free(lock);
  }
}

/** In the process, which ends: waits until the thread has nothing at hand, and lets it begin nothing more. */
export function awaitUndisturbed(lock: ThreadLock): void {
  const latest = performance.now() + LONGEST;
  while (Atomics.compareExchange(lock, 0, FREE, ENDING) === AT_WORK) {
    const left = latest - performance.now();
    if (left <= 0 || Atomics.wait(lock, 0, AT_WORK, left) === 'timed-out') return;
  }
}
