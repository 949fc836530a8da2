import { setTimeout as wait } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { RevelaError } from '../errors.js';
import { checked, type Settled, settled } from '../options/index.js';
import { unlessStopped } from '../unless-stopped.js';
import { addJobs } from './add-jobs.js';
import { type FleetJob, jobIn, placesIn } from './job.js';
import { JobWork } from './job-work.js';
import { workOptions } from './options.js';
import { type FleetResult, type OpenQueue, openQueue, queueName } from './queue.js';
import { Station } from './station.js';
import { openStorage } from './storage/open-storage.js';
import type { Worked, WorkOptions } from './work-options.js';
import { openWorkshop } from './workshop.js';

/** How often a job may lose its worker (killed, frozen, cut off) before it is listed as failed. */
const mostStalled = 3;

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
export async function workInFleet(given: WorkOptions): Promise<Worked> {
  const options = settled(workOptions, checked('workInFleet', workOptions, given));
  const { signal } = options;
  await using storage = await openStorage(options);
  await using opened = await openQueue(options);
  await using workshop = openWorkshop();
  const worker = new PictureWorker(opened, new JobWork(storage, workshop, options), options);
  await worker.run(signal);
  return worker.worked;
}

/** One worker of the queue. */
class PictureWorker {
  readonly #station: Station<FleetJob, FleetResult>;
  #pictures = 0;
  #failed = 0;

  constructor(
    readonly opened: OpenQueue,
    readonly work: JobWork,
    readonly options: Settled<typeof workOptions>,
  ) {
    this.#station = new Station({
      ...{ redis: opened.redis, queue: queueName(options), mostStalled, lookSeconds: 30 },
      lockSeconds: options.lockSeconds,
      work: (job, signal) => this.#pictureAfterPicture(job, signal),
    });
  }

  get worked(): Worked {
    return { pictures: this.#pictures, failed: this.#failed };
  }

  /** Works until it is stopped, fails, or is no longer needed. */
  run(signal: AbortSignal | undefined): Promise<void> {
    const { tell, untilEmpty } = this.options;
    const prepare = (worker: Worker<FleetJob, FleetResult>): void => {
      worker.on('failed', (job, error) => this.#told(job, error.message));
      worker.on('stalled', () =>
        tell?.(
          `A worker gave no sign of life for ${this.options.lockSeconds} seconds: its job is done again`,
        ),
      );
    };
    return this.#station.run(signal, prepare, untilEmpty === true ? () => this.#emptied() : undefined);
  }

  /** Whatever a job failed of, its pictures are counted and told; tried again, it has not come to its end. */
  #told(job: Job<FleetJob, FleetResult> | undefined, message: string): void {
    const again = job !== undefined && job.finishedOn === undefined;
    const places = placesIn(job?.data);
    for (const input of places.length === 0 ? [`job ${job?.id ?? ''}`] : places) {
      if (!again) this.#failed += 1;
      const named = message.includes(input) ? message : `${input}: ${message}`;
      this.options.onFailed?.({ input, message: named, again });
    }
  }

  async #pictureAfterPicture(job: Job<FleetJob, FleetResult>, signal: AbortSignal): Promise<FleetResult> {
    const own = this.#station.own(job, jobIn);
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

  async #alone(job: FleetJob, pictures: FleetJob['pictures'], tried: number): Promise<void> {
    const alone = pictures.map((picture) => ({ ...job, pictures: [picture] }));
    await addJobs(this.opened, alone, tried);
  }

  /** Until nothing waits and nobody works, or it is stopped. */
  async #emptied(): Promise<void> {
    const { signal } = this.#station;
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
