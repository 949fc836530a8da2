import type { Job as StoredEntry, QueueEvents, QueueEventsListener, Worker } from 'bullmq';
import { packageVersion } from '../package-version.js';
import { closeParts, type OpenRedis, seconds } from '../redis/index.js';
import type { Engine } from './engine.js';
import { Job } from './job.js';
import { operationsFor } from './operations.js';
import { cancelled, problemOf } from './problem.js';
import type { Outcome } from './queue.js';
import { readJob, requestOf, type StoredOutcome, storedOutcome } from './redis-job.js';
import type { Spool } from './spool.js';
import { workOn } from './work-on.js';

/** The queue of services and their workers. */
export const queueName = 'revela-serve';

/** Of which job something is told: `files` are the names of its files, as another one may have its id by now. */
export interface Told {
  readonly jobId: string;
  readonly files: string;
}

/** What services tell each other, and whoever works on a job. */
export interface JobEvents extends QueueEventsListener {
  cancel: (told: Told, id: string) => void;
  forgotten: (told: Told, id: string) => void;
}

/** Milliseconds between two news of one job. */
const newsInterval = 250;

/** Seconds after which a job whose worker is not heard of is given to another one: longer than the longest tile, which a worker computes in a thread. */
const lockSeconds = 120;

/** What a worker works with. */
export interface WorkerParts {
  readonly redis: OpenRedis;
  readonly spool: Spool;
  readonly engine: Engine;
  /** Jobs at once. */
  readonly places: number;
  readonly lockSeconds?: number;
}

/** Works on the jobs of a queue in Redis; may be killed at any time: another one then begins its jobs anew, once. */
export class RedisWorker {
  readonly #worker: Worker;
  readonly #events: QueueEvents;
  /** What stops the work on jobs, by the names of their files. */
  readonly #stops = new Map<string, AbortController>();

  constructor(readonly parts: WorkerParts) {
    const { redis, places } = parts;
    const { Worker: BullWorker, QueueEvents: Events } = redis.bullmq;
    const connection = redis.client;
    const lock = (parts.lockSeconds ?? lockSeconds) * 1000;
    this.#events = new Events(queueName, { connection });
    this.#events.on<JobEvents, 'cancel'>('cancel', ({ files }) => this.#stops.get(files)?.abort(cancelled()));
    this.#worker = new BullWorker(queueName, (entry, token) => this.#work(entry, token), {
      ...{ connection, concurrency: places },
      ...{ lockDuration: lock, stalledInterval: lock / 4, maxStalledCount: 1 },
    });
    // What Redis is, or is not, its connection tells; what becomes of jobs, the service.
    this.#events.on('error', () => {});
    this.#worker.on('error', () => {});
  }

  /** Takes no more jobs, finishes what runs as far as time allows, and gives the rest back to the queue. */
  async end(graceSeconds: number): Promise<void> {
    const closing = this.#worker.close().catch(() => undefined);
    // Where nothing runs there is nothing to wait for, even if Redis is away.
    if (this.#stops.size > 0) await Promise.race([closing, seconds(graceSeconds)]);
    for (const stop of this.#stops.values()) stop.abort(new GivenBack());
    await closeParts(this.parts.redis, [this.#worker, this.#events], 10);
  }

  async #work(entry: StoredEntry, token: string | undefined): Promise<StoredOutcome> {
    const { spool, engine, redis } = this.parts;
    const data = readJob(entry.data);
    if (data === undefined)
      throw new redis.bullmq.UnrecoverableError('what lies in Redis is no job of Revela');
    if (data.version !== packageVersion())
      throw new redis.bullmq.UnrecoverableError(
        `the service runs Revela ${data.version}, and a worker ${packageVersion()}; use the same version`,
      );
    const job = new Job(requestOf(data, spool), data.created);
    const stop = new AbortController();
    const key = data.files.join();
    this.#stops.set(key, stop);
    if (data.cancelled === true) stop.abort(cancelled());
    let told = 0;
    const times = { waited: Math.max(0, Date.now() - data.created) / 1000, most: data.workSeconds };
    const working = workOn(job.request, { spool, engine, operations: operationsFor(data) }, times, {
      signal: stop.signal,
      onProgress: (progress) => {
        job.hear(progress);
        if (performance.now() - told < newsInterval) return;
        told = performance.now();
        void entry.updateProgress({ ...job.news }).catch(() => undefined);
      },
    });
    try {
      const result = await working.result;
      spool.handOver(result.path);
      return this.#outcome(job, { result });
    } catch (error) {
      if (!(error instanceof GivenBack))
        return this.#outcome(job, { problem: problemOf(error, (text) => job.named(text)) });
      await entry.moveToWait(token);
      throw new redis.bullmq.WaitingError();
    } finally {
      await working.ended;
      this.#stops.delete(key);
    }
  }

  #outcome(job: Job, outcome: Outcome): StoredOutcome {
    return storedOutcome(outcome, job.news, this.parts.spool);
  }
}

/** Why work is stopped that another worker shall begin anew. */
class GivenBack extends Error {
  override readonly name = 'GivenBack';
}
