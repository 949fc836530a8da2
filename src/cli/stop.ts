/** Signals that ask a program to end, by the number that the exit code is made of. */
const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A terminal sends Ctrl-C to every program it runs, and npm sends it on: what comes so soon after is no second one. */
const sameKeyMilliseconds = 300;

/** Whether somebody asked the command to end. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Is called at the first request. */
  onRequest(tell: () => void): void;
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

/**
 * Turns the first Ctrl-C (or the signal of `kill`, or of a closed terminal) into an abort with a {@link Stopped} as
 * reason; the second one ends the process at once.
 */
export function listenForStop(): Stop {
  const controller = new AbortController();
  const tell: (() => void)[] = [];
  let requested = Number.NaN;
  for (const [name, number] of Object.entries(signals)) {
    const exitCode = 128 + number;
    process.on(name, () => {
      if (!controller.signal.aborted) {
        requested = performance.now();
        controller.abort(new Stopped('stopped', exitCode));
        for (const callback of tell) callback();
      } else if (performance.now() - requested > sameKeyMilliseconds) {
        process.exit(exitCode);
      }
    });
  }
  return {
    signal: controller.signal,
    onRequest: (callback) => void tell.push(callback),
  };
}
