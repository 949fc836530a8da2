/** What a thread is at, as both ends of a lock see it: it does nothing, it works, it works for the last time, it begins nothing any more. */
const [FREE, AT_WORK, LAST, ENDING] = [0, 1, 2, 3];

/** Milliseconds that the end of the process waits for its threads. */
const LONGEST = 5000;

/**
 * A lock between a thread and the process that ends: native code that is ended with its thread may throw where nobody can catch it, and the
 * process is aborted instead of leaving with its exit code. ONNX Runtime for Node is such code while it computes. Of a thread that another
 * thread has begun the process knows nothing: where that is ended, what it began is, too.
 */
export type ThreadLock = Int32Array<SharedArrayBuffer>;

/** Of a new thread, which loads its code first and must not be ended in that either: it calls {@link free} then. */
export function threadLock(): ThreadLock {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(AT_WORK);
}

/** In the thread: it has nothing to do. */
export function free(lock: ThreadLock): void {
  if (Atomics.compareExchange(lock, 0, AT_WORK, FREE) === LAST) Atomics.store(lock, 0, ENDING);
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

/** In the process, which ends: waits until the threads have nothing to do, and lets them begin nothing more. */
export function awaitUndisturbed(locks: ReadonlySet<ThreadLock>): void {
  const latest = performance.now() + LONGEST;
  for (const lock of locks) {
    let state = Atomics.compareExchange(lock, 0, FREE, ENDING);
    // It may become free, and begin anew, between two looks.
    while (state === AT_WORK && Atomics.compareExchange(lock, 0, AT_WORK, LAST) !== AT_WORK)
      state = Atomics.compareExchange(lock, 0, FREE, ENDING);
    Atomics.wait(lock, 0, LAST, Math.max(0, latest - performance.now()));
  }
}
