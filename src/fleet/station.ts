import type { Job, Worker } from 'bullmq';
import { packageVersion } from '../package-version.js';
import { closeParts, type OpenRedis } from '../redis/index.js';
import { Unable } from './job-work.js';
import { nameText, ownName, prefix } from './queue.js';

/** Seconds that giving back what is worked on may take. */
const mostForEnding = 10;

/** Which jobs a station takes, and how. */
export interface StationPlan<Data, Result> {
  readonly redis: OpenRedis;
  /** The name of the queue. */
  readonly queue: string;
  /** Seconds without a sign of life after which another one gets the job. */
  readonly lockSeconds: number;
  /** The most seconds between two looks for jobs of those who give no sign of life. */
  readonly lookSeconds: number;
  /** How often a job may lose its process (killed, frozen, cut off) before it is given up. */
  readonly mostStalled: number;
  /**
   * Does a job. Of an {@link Unable}, and of what fails once the signal has stopped it, the job has no part: it goes back.
   *
   * @param signal what {@link Station.signal} is
   */
  work(job: Job<Data, Result>, signal: AbortSignal): Promise<Result>;
}

/** A process at a queue: works on one job at a time until it is stopped, is not able to, or is no longer needed. */
export class Station<Data, Result> {
  readonly #stopping = new AbortController();
  #failure: { readonly error: unknown } | undefined;

  constructor(readonly plan: StationPlan<Data, Result>) {}

  /** Stops what is worked on. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Works; stopped, it gives back what it works on.
   *
   * @param stop stops it from outside
   * @param prepare adds listeners to BullMQ's worker
   * @param needed is there when nobody needs it any more; default: never
   * @throws Unable where it is not able to
   */
  async run(
    stop: AbortSignal | undefined,
    prepare: (worker: Worker<Data, Result>) => void,
    needed: () => Promise<void> = () => this.#stopped(),
  ): Promise<void> {
    if (stop?.aborted === true) return;
    const end = (): void => this.#stopping.abort(stop?.reason);
    stop?.addEventListener('abort', end, { once: true });
    const worker = this.#open();
    prepare(worker);
    try {
      await needed();
    } finally {
      stop?.removeEventListener('abort', end);
      await closeParts(this.plan.redis, [worker], mostForEnding);
      // What still waits for Redis waits no longer.
      await closeParts(this.plan.redis, [{ close: () => worker.getBackend().close(true) }], 1);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /**
   * What a job says, by who reads it; what that refuses can never be done.
   *
   * @throws BullMQ's UnrecoverableError
   */
  own<Own>(job: Job<Data, Result>, read: (data: unknown) => Own): Own {
    try {
      return read(job.data);
    } catch (error) {
      const { UnrecoverableError } = this.plan.redis.bullmq;
      throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
    }
  }

  #open(): Worker<Data, Result> {
    const { redis, queue, lockSeconds, lookSeconds, mostStalled } = this.plan;
    const lockDuration = lockSeconds * 1000;
    const worker = new redis.bullmq.Worker<Data, Result>(queue, (job, token) => this.#do(job, token), {
      ...{ connection: redis.client, prefix, skipVersionCheck: true, concurrency: 1 },
      ...{ lockDuration, maxStalledCount: mostStalled },
      stalledInterval: Math.min(lookSeconds * 1000, lockDuration),
      name: nameText(ownName(packageVersion())),
      metrics: { maxDataPoints: 60 * 24 },
      // After a loss of Redis it goes on at once.
      ...{ runRetryDelay: 1000, drainDelay: 5 },
    });
    worker.on('error', redis.tellError);
    return worker;
  }

  async #do(job: Job<Data, Result>, token: string | undefined): Promise<Result> {
    try {
      return await this.plan.work(job, this.signal);
    } catch (error) {
      if (error instanceof Unable) {
        this.#failure ??= { error };
        this.#stopping.abort(error);
      } else if (!this.signal.aborted) throw error;
      // Others may be able to, or this one later.
      await job.moveToWait(token);
      throw new this.plan.redis.bullmq.WaitingError();
    }
  }

  #stopped(): Promise<void> {
    const { signal } = this;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
