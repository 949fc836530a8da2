import type { Engine } from './engine.js';
import { Job, type JobRequest } from './job.js';
import type { Limits } from './options.js';
import type { Metrics } from './metrics.js';
import { type Place, Places } from './places.js';
import { problemOf, Refusal } from './problem.js';
import type { Spool } from './spool.js';
import { unlessStopped } from '../unless-stopped.js';
import { writeResult } from './write-result.js';

/** Jobs that are over and remembered, however long results are kept. */
const mostRemembered = 10_000;

const cancelled = (): Refusal => new Refusal(409, 'ERR_CANCELLED', 'the job was cancelled');

/** The jobs of a service: those that wait, in their order, those that are worked on, and those of which the result is kept. */
export class Jobs {
  readonly places: Places;
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: Job[] = [];
  readonly #held = new Map<Job, Place>();
  readonly #timers = new Map<Job, NodeJS.Timeout>();
  readonly #working = new Set<Promise<void>>();
  #ending = false;

  constructor(
    readonly engine: Engine,
    readonly spool: Spool,
    readonly limits: Limits,
    readonly metrics: Metrics,
  ) {
    this.places = new Places(limits, () => {
      const before = (this.places.waiting / limits.places) * metrics.meanSeconds;
      return Math.min(600, Math.max(1, Math.ceil(before)));
    });
  }

  get active(): number {
    return this.#working.size;
  }

  get kept(): number {
    return this.#jobs.size;
  }

  /** Whether nothing new is taken. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /**
   * A place for a job, before its picture is read.
   *
   * @throws Refusal where there is none
   */
  takePlace(client: string): Place {
    this.#refuseWhenEnding();
    return this.places.take(client);
  }

  /** A job by its id; those of other clients are not there. */
  find(client: string, id: string): Job | undefined {
    return this.#jobs.get(keyOf(client, id));
  }

  /**
   * Lets a job wait for its turn.
   *
   * @throws Refusal where the service began to end while its pictures came; they are still the caller's then, as the place is
   */
  add(request: JobRequest, place: Place): Job {
    this.#refuseWhenEnding();
    const job = new Job(request);
    this.#jobs.set(keyOf(request.client, request.id), job);
    this.#held.set(job, place);
    this.#waiting.push(job);
    this.#forgetOldest();
    this.#next();
    return job;
  }

  /** Stops a job that is not over: one that is worked on within a tile. */
  async cancel(job: Job, reason: Error = cancelled()): Promise<void> {
    job.stop(reason);
    const at = this.#waiting.indexOf(job);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      await this.spool.remove(...job.request.files);
      this.#finish(job, 'cancelled', reason);
    }
    await job.over();
  }

  /** Forgets a job that is over, with its result. */
  async forget(job: Job): Promise<void> {
    clearTimeout(this.#timers.get(job));
    this.#timers.delete(job);
    const { client, id } = job.request;
    if (this.#jobs.get(keyOf(client, id)) === job) this.#jobs.delete(keyOf(client, id));
    if (job.result !== undefined) await this.spool.remove(job.result.path);
  }

  /** Takes nothing more, finishes what there is as far as time allows, and stops the rest. */
  async end(graceSeconds: number): Promise<void> {
    this.#ending = true;
    const patience = AbortSignal.timeout(graceSeconds * 1000);
    while (this.#working.size > 0 && !patience.aborted)
      await Promise.race([...this.#working, aborted(patience)]);
    const reason = new Refusal(503, 'ERR_ENDING', 'the service ended before the job did; ask again');
    await Promise.all([...this.#held.keys()].map((job) => this.cancel(job, reason)));
    await Promise.all(this.#working);
  }

  /** Forgets everything. */
  async close(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => this.forget(job)));
  }

  #refuseWhenEnding(): void {
    if (this.#ending)
      throw new Refusal(503, 'ERR_ENDING', 'the service is about to end; ask another one', {
        'Retry-After': '10',
      });
  }

  #next(): void {
    while (this.#working.size < this.limits.places) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const working = this.#work(job).finally(() => {
        this.#working.delete(working);
        this.#next();
      });
      this.#working.add(working);
    }
  }

  async #work(job: Job): Promise<void> {
    const { request } = job;
    this.#held.get(job)?.begin();
    job.started = Date.now();
    job.state = 'active';
    job.changed();
    const waited = (job.started - job.created) / 1000;
    this.metrics.began(waited);
    const late = AbortSignal.timeout(this.limits.workSeconds * 1000);
    const signal = AbortSignal.any([job.signal, late]);
    const working = request.work(this.engine, request.files, {
      signal,
      onProgress: (progress) => job.hear(progress),
    });
    try {
      // Who stops a job need not wait for the end of its tile; what is worked on next does.
      const made = await unlessStopped([working], signal);
      const worked = (Date.now() - job.started) / 1000;
      const [input = ''] = request.files;
      const result = await writeResult(this.spool, made, input, { waited, worked });
      if (job.signal.aborted) {
        await this.spool.remove(result.path);
        throw job.signal.reason;
      }
      job.result = result;
      job.progress = 1;
      this.#finish(job, 'done');
    } catch (error) {
      if (job.signal.aborted) this.#finish(job, 'cancelled', job.signal.reason);
      else if (late.aborted) this.#finish(job, 'failed', tooLong(this.limits.workSeconds));
      else this.#finish(job, 'failed', error);
    } finally {
      await working.catch(() => undefined);
      await this.spool.remove(...request.files);
    }
  }

  #finish(job: Job, state: 'done' | 'failed' | 'cancelled', error?: unknown): void {
    const { operation } = job.request;
    if (state !== 'done') job.problem = problemOf(error, (text) => job.named(text));
    job.ended = Date.now();
    job.expires = job.ended + this.limits.resultSeconds * 1000;
    job.state = state;
    const seconds = job.started === undefined ? undefined : (job.ended - job.started) / 1000;
    this.metrics.ended(operation, state, seconds);
    this.#held.get(job)?.free();
    this.#held.delete(job);
    const timer = setTimeout(() => void this.forget(job), this.limits.resultSeconds * 1000);
    this.#timers.set(job, timer.unref());
    job.changed();
  }

  #forgetOldest(): void {
    if (this.#jobs.size <= mostRemembered) return;
    for (const job of this.#jobs.values()) {
      if (!job.isOver) continue;
      void this.forget(job);
      return;
    }
  }
}

const tooLong = (seconds: number): Refusal =>
  new Refusal(504, 'ERR_TIMEOUT', `the job took more than ${seconds} seconds, which is the most it may`);

const keyOf = (client: string, id: string): string => `${client}\n${id}`;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
