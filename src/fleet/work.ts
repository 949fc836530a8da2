import { setTimeout as wait } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { RevelaError } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { unlessStopped } from '../unless-stopped.js';
import { addJobs } from './add-jobs.js';
import { type FleetJob, jobIn, placesIn } from './job.js';
import { JobWork, Unable } from './job-work.js';
import {
  type FleetResult,
  nameText,
  type OpenQueue,
  openQueue,
  ownName,
  prefix,
  queueName,
} from './queue.js';
import { openStorage } from './storage/open-storage.js';
import type { Worked, WorkOptions } from './work-options.js';
import { openWorkshop } from './workshop.js';

/** How often a job may lose its worker (killed, frozen, cut off) before it is listed as failed. */
const mostStalled = 3;

/** Milliseconds that giving back jobs may take. */
const mostForEnding = 10_000;

/** Milliseconds after which it is asked again whether anything is left. */
const untilAskedAgain = 500;

/**
 * Works on the jobs of a fleet, one picture at a time, until the signal stops it, or nothing is left. Stopped, it gives back what it works on.
 * The pictures are worked on in a process of their own, so that this one gives signs of life however busy that is, and lives
 * where a picture brings that down.
 *
 * @throws RevelaError where it cannot work: a Redis that does not let it, jobs of another version, another folder than the one that was
 *   submitted to, weights or a device that are not there
 *
 * @example
 * await workInFleet({ redis: 'redis://queue.lan:6379', shared: '/mnt/photos', threads: 8, signal });
 */
export async function workInFleet(options: WorkOptions): Promise<Worked> {
  const { signal } = options;
  await using storage = await openStorage(options);
  await using opened = await openQueue(options);
  await using workshop = openWorkshop();
  const station = new Station(opened, new JobWork(storage, workshop, options), options);
  await station.run(signal);
  return station.worked;
}

/** One worker of the queue. */
class Station {
  readonly #stopping = new AbortController();
  #pictures = 0;
  #failed = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    readonly opened: OpenQueue,
    readonly work: JobWork,
    readonly options: WorkOptions,
  ) {}

  get worked(): Worked {
    return { pictures: this.#pictures, failed: this.#failed };
  }

  /** Works until it is stopped, fails, or is no longer needed. */
  async run(signal: AbortSignal | undefined): Promise<void> {
    const stop = (): void => this.#stopping.abort(signal?.reason);
    if (signal?.aborted === true) return;
    signal?.addEventListener('abort', stop, { once: true });
    const worker = this.#worker();
    try {
      await (this.options.untilEmpty === true ? this.#emptied() : this.#stopped());
    } finally {
      signal?.removeEventListener('abort', stop);
      // Where Redis is away, what is asked of it would wait for it.
      await Promise.race([worker.close(), wait(mostForEnding, undefined, { ref: false })]);
      await worker.getBackend().close(true);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #worker(): Worker<FleetJob, FleetResult> {
    const { redis } = this.opened;
    const { lockSeconds = 120, tell } = this.options;
    const lockDuration = lockSeconds * 1000;
    const worker: Worker<FleetJob, FleetResult> = new redis.bullmq.Worker<FleetJob, FleetResult>(
      queueName(this.options),
      (job, token) => this.#job(job, token),
      {
        ...{ connection: redis.client, prefix, skipVersionCheck: true, concurrency: 1 },
        ...{ lockDuration, stalledInterval: Math.min(30_000, lockDuration), maxStalledCount: mostStalled },
        name: nameText(ownName(packageVersion())),
        metrics: { maxDataPoints: 60 * 24 },
        // After a loss of Redis it goes on at once.
        ...{ runRetryDelay: 1000, drainDelay: 5 },
      },
    );
    worker.on('error', redis.tellError);
    worker.on('failed', (job, error) => this.#told(job, error.message));
    worker.on('stalled', () =>
      tell?.(`A worker gave no sign of life for ${lockSeconds} seconds: its job is done again`),
    );
    return worker;
  }

  /** Whatever a job failed of, its pictures are counted and told; tried again, it has not come to its end. */
  #told(job: Job<FleetJob, FleetResult> | undefined, message: string): void {
    const again = job !== undefined && job.finishedOn === undefined;
    const places = placesIn(job?.data);
    for (const input of places.length === 0 ? [`job ${job?.id ?? ''}`] : places) {
      if (!again) this.#failed += 1;
      this.options.onFailed?.({ input, message, again });
    }
  }

  async #job(job: Job<FleetJob, FleetResult>, token: string | undefined): Promise<FleetResult> {
    const { signal } = this.#stopping;
    try {
      return await this.#pictureAfterPicture(job, signal);
    } catch (error) {
      if (error instanceof Unable) {
        this.#failure ??= { error };
        this.#stopping.abort(error);
      } else if (!signal.aborted) throw error;
      // Others may be able to, or this one later.
      await job.moveToWait(token);
      throw new this.opened.redis.bullmq.WaitingError();
    }
  }

  async #pictureAfterPicture(job: Job<FleetJob, FleetResult>, signal: AbortSignal): Promise<FleetResult> {
    const own = this.#own(job);
    const { pictures } = own;
    if (pictures.length > 1 && job.stalledCounter > 0) {
      // One of them may have done away with a worker; so each is alone from now on.
      await this.#alone(own, pictures, 0);
      return { done: 0 };
    }
    const recipe = await this.work.recipeOf(own, signal);
    const failures: FleetJob['pictures'][number][] = [];
    for (const picture of pictures) {
      signal.throwIfAborted();
      const failure = await this.work.picture(recipe, picture, signal);
      if (failure === undefined) {
        this.#pictures += 1;
        continue;
      }
      if (pictures.length === 1) throw new RevelaError(failure.message);
      this.options.onFailed?.({ ...failure, again: true });
      failures.push(picture);
    }
    if (failures.length > 0) await this.#alone(own, failures, 1);
    return { done: pictures.length - failures.length };
  }

  /** The job, if it is one of ours; one that is not can never be done. */
  #own(job: Job<FleetJob, FleetResult>): FleetJob {
    try {
      return jobIn(job.data);
    } catch (error) {
      throw new this.opened.redis.bullmq.UnrecoverableError(
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  async #alone(job: FleetJob, pictures: FleetJob['pictures'], tried: number): Promise<void> {
    const alone = pictures.map((picture) => ({ ...job, pictures: [picture] }));
    await addJobs(this.opened, alone, tried);
  }

  #stopped(): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Until nothing waits and nobody works, or it is stopped. */
  async #emptied(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for (;;) {
        const counting = this.opened.queue.getJobCounts('waiting', 'active', 'delayed');
        const { waiting = 0, active = 0, delayed = 0 } = await unlessStopped([counting], signal);
        if (waiting + active + delayed === 0) return;
        await wait(untilAskedAgain, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
