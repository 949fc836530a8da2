import type { Worker } from 'node:worker_threads';

/** Milliseconds after which a thread that nobody needs ends, and gives back its memory. */
const PATIENCE = 2000;

interface RestingThread {
  readonly worker: Worker;
  readonly ending: NodeJS.Timeout;
}

/** Threads of one kind. To load a program and to make it fast takes longer than much of what a thread is asked, so that one rests for a moment before it ends. */
export interface RestingThreads {
  /** One that rests, or a new one. It keeps the process alive until it rests. */
  take(): Worker;
  /** Lets a thread rest that has nothing to do and holds nothing. One that broke or ended is not taken again. */
  rest(worker: Worker): void;
  /** Ends those that rest at once, and with them what they were last given. */
  end(): Promise<void>;
}

/** Those of all kinds. */
const all: RestingThreads[] = [];

/** Ends the threads of all kinds that rest. */
export async function endRestingThreads(): Promise<void> {
  await Promise.all(all.map((threads) => threads.end()));
}

/** @param begin starts a thread */
export function restingThreads(begin: () => Worker): RestingThreads {
  const resting: RestingThread[] = [];
  /** Threads that broke or ended: one may do so while its answer is on the way to whoever waits for it. */
  const ended = new WeakSet<Worker>();

  /** Takes a thread off those that rest, if it does, for good. */
  const forget = (worker: Worker): void => {
    ended.add(worker);
    const place = resting.findIndex((one) => one.worker === worker);
    if (place < 0) return;
    clearTimeout(resting[place]?.ending);
    resting.splice(place, 1);
  };
  const started = (): Worker => {
    const worker = begin();
    // What it was once asked for may yet end it while nobody waits for it: that is no fault of the process.
    worker.on('error', () => forget(worker));
    worker.on('exit', () => forget(worker));
    return worker;
  };

  const threads: RestingThreads = {
    take() {
      const free = resting.pop();
      if (free === undefined) return started();
      clearTimeout(free.ending);
      free.worker.ref();
      return free.worker;
    },
    rest(worker) {
      if (ended.has(worker)) return;
      worker.unref();
      const ending = setTimeout(() => {
        forget(worker);
        void worker.terminate();
      }, PATIENCE);
      resting.push({ worker, ending: ending.unref() });
    },
    async end() {
      await Promise.all(
        resting.splice(0).map(({ worker, ending }) => {
          clearTimeout(ending);
          ended.add(worker);
          return worker.terminate();
        }),
      );
    },
  };
  all.push(threads);
  return threads;
}
