import type { Limits } from './options.js';
import { Refusal } from './problem.js';

/** A place that a job holds, from before its picture arrives until it is over. */
export interface Place {
  /** The job is worked on from now on: it does not wait any more. */
  begin(): void;
  /** Gives it back. Harmless when repeated. */
  free(): void;
}

/** Counts who holds how many places, so that more are refused before anything of them is read. */
export class Places {
  readonly #byClient = new Map<string, number>();
  #waiting = 0;

  constructor(
    readonly limits: Limits,
    /** Seconds after which it may be worth to ask again. */
    readonly retryAfter: () => number,
  ) {}

  /** Jobs that arrive or wait. */
  get waiting(): number {
    return this.#waiting;
  }

  get isFull(): boolean {
    return this.#waiting >= this.limits.queueLength;
  }

  /** @throws Refusal where there is none, for this client or for any */
  take(client: string): Place {
    const own = this.#byClient.get(client) ?? 0;
    const busy = (message: string): Refusal =>
      new Refusal(429, 'ERR_BUSY', message, { 'Retry-After': String(this.retryAfter()) });
    if (own >= this.limits.jobsPerClient)
      throw busy(`you have ${own} jobs under way, which is the most that one client may have`);
    if (this.isFull) throw busy(`${this.#waiting} jobs wait, which is the most there may be`);
    this.#byClient.set(client, own + 1);
    this.#waiting += 1;
    let waits = true;
    let held = true;
    const begin = (): void => {
      if (waits) this.#waiting -= 1;
      waits = false;
    };
    return {
      begin,
      free: () => {
        begin();
        if (held) this.#leave(client);
        held = false;
      },
    };
  }

  #leave(client: string): void {
    const left = (this.#byClient.get(client) ?? 1) - 1;
    if (left === 0) this.#byClient.delete(client);
    else this.#byClient.set(client, left);
  }
}
