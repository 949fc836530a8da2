/** Signals that ask a program to end, by the number that the exit code is made of. */
const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A terminal sends Ctrl-C to every program it runs, and npm sends it on: what comes so soon after is no second one. */
const sameKeyMilliseconds = 300;

/** Whether somebody asked the command to end. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Is called at the first request. */
  onRequest(tell: () => void): void;
  /** Is called before a second request ends the process at once: for what must not stay behind. Returns how to take it back. */
  beforeEnd(tidy: () => void): () => void;
}

/** The command ended because somebody asked it to; also the reason of the signal's abort. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  /** @param exitCode 128 and the number of the signal, as shells do it */
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/**
 * Ends a command that was asked to.
 *
 * @param message what the user finds, now that it ended early
 * @throws Stopped always
 */
export function stop(message: string, { reason }: AbortSignal): never {
  throw new Stopped(message, reason instanceof Stopped ? reason.exitCode : 1);
}

/** What {@link listenForStop} needs of the process. */
export interface SignalSource {
  on(name: keyof typeof signals, listener: () => void): unknown;
  /** Ends the process at once, as the signal does where nobody listens. */
  end(name: keyof typeof signals): unknown;
}

/** Not `process.exit`, which waits for threads: one that waits for a disk that does not answer would keep the process. */
const thisProcess: SignalSource = {
  on: (name, listener) => process.on(name, listener),
  end(name) {
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  },
};

/**
 * Turns the first Ctrl-C (or the signal of `kill`, or of a closed terminal) into an abort with a {@link Stopped} as
 * reason; the second one ends the process at once.
 *
 * @param now a clock in milliseconds
 */
export function listenForStop(source: SignalSource = thisProcess, now = () => performance.now()): Stop {
  const controller = new AbortController();
  const tell: (() => void)[] = [];
  const tidying = new Set<() => void>();
  let requested = Number.NaN;
  for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    const exitCode = 128 + signals[name];
    source.on(name, () => {
      if (!controller.signal.aborted) {
        requested = now();
        controller.abort(new Stopped('stopped', exitCode));
        for (const callback of tell) callback();
      } else if (now() - requested > sameKeyMilliseconds) {
        for (const tidy of tidying) tidy();
        source.end(name);
      }
    });
  }
  return {
    signal: controller.signal,
    onRequest: (callback) => void tell.push(callback),
    beforeEnd(tidy) {
      tidying.add(tidy);
      return () => tidying.delete(tidy);
    },
  };
}
