import { Job, type JobRequest, keyOf } from './job.js';
import type { Limits } from './options.js';
import type { Metrics } from './metrics.js';
import { type Place, Places } from './places.js';
import { cancelled, problemOf, Refusal } from './problem.js';
import type { JobQueue, Outcome } from './queue.js';
import type { Spool } from './spool.js';

/** Jobs that are over and remembered, however long results are kept. */
const mostRemembered = 10_000;

/** The jobs of a service: those that wait, those that are worked on, and those of which the result is kept. */
export class Jobs {
  readonly places: Places;
  readonly #jobs = new Map<string, Job>();
  /** Jobs that the queue has not taken yet: whoever asks for one waits until it is certain. */
  readonly #adding = new Map<string, Promise<Job>>();
  readonly #held = new Map<Job, Place>();
  readonly #timers = new Map<Job, NodeJS.Timeout>();
  #ending = false;

  constructor(
    readonly queue: JobQueue,
    readonly spool: Spool,
    readonly limits: Limits,
    readonly metrics: Metrics,
  ) {
    this.places = new Places(limits, () => {
      const before = (this.places.waiting / Math.max(1, limits.places)) * metrics.meanSeconds;
      return Math.min(600, Math.max(1, Math.ceil(before)));
    });
    queue.listen({
      began: (job) => this.#began(job),
      ended: (job, outcome) => this.#ended(job, outcome),
      forgotten: (key, files) => this.#forgotten(key, files),
    });
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

  /**
   * A job by its id; those of other clients are not there.
   *
   * @throws Refusal where the queue cannot take the job that is being added
   */
  async find(client: string, id: string): Promise<Job | undefined> {
    const key = keyOf({ client, id });
    const adding = this.#adding.get(key);
    if (adding !== undefined) return adding;
    const known = this.#jobs.get(key);
    if (known !== undefined) {
      if (await this.queue.stillHas(known)) return known;
      await this.#lose(known);
    }
    const found = await this.queue.find(client, id);
    return found && this.#adopted(found);
  }

  /**
   * Lets a job wait for its turn.
   *
   * @returns what is under its id. Where that is not of this request, its pictures are still the caller's, as its place is
   * @throws Refusal where the service began to end while its pictures came, or the queue cannot take it; both are the caller's then, too
   */
  async add(request: JobRequest, place: Place): Promise<Job> {
    this.#refuseWhenEnding();
    const key = keyOf(request);
    const known = this.#adding.get(key) ?? this.#jobs.get(key);
    if (known !== undefined) return known;
    const job = new Job(request);
    this.#jobs.set(key, job);
    this.#held.set(job, place);
    this.#forgetOldest();
    const adding = this.#added(job).finally(() => this.#adding.delete(key));
    this.#adding.set(key, adding);
    return adding;
  }

  /** Stops a job that is not over: one that is worked on within a tile. */
  async cancel(job: Job): Promise<void> {
    await this.queue.cancel(job, cancelled());
    await job.over();
  }

  /** Forgets a job that is over, with its result. */
  async forget(job: Job): Promise<void> {
    this.#drop(job);
    await this.queue.forget(job);
    await this.#lose(job);
  }

  /** Takes nothing more, finishes what there is as far as time allows, and stops the rest. */
  async end(graceSeconds: number): Promise<void> {
    this.#ending = true;
    const reason = new Refusal(503, 'ERR_ENDING', 'the service ended before the job did; ask again');
    await this.queue.end(graceSeconds, reason);
  }

  /** Forgets everything, but for what the queue keeps for others. */
  async close(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    if (!this.queue.keeps) await Promise.all(jobs.map((job) => this.forget(job)));
    for (const job of jobs) this.#drop(job);
  }

  #refuseWhenEnding(): void {
    if (this.#ending)
      throw new Refusal(503, 'ERR_ENDING', 'the service is about to end; ask another one', {
        'Retry-After': '10',
      });
  }

  /** What the queue has under the id of a job after it was asked to take it. */
  async #added(job: Job): Promise<Job> {
    try {
      const taken = await this.queue.add(job);
      if (taken === job) return job;
      this.#refused(job, new Refusal(409, 'ERR_CONFLICT', 'another service took in a job of this id first'));
      return this.#adopted(taken);
    } catch (error) {
      this.#refused(job, error);
      throw error;
    }
  }

  /** The queue did not take a job: whoever follows it hears so. */
  #refused(job: Job, error: unknown): void {
    if (!job.isOver) job.end({ problem: problemOf(error) }, 0);
    this.#drop(job);
  }

  /** A job that the queue knew: the one that is known by now, or itself. */
  #adopted(found: Job): Job {
    const key = keyOf(found.request);
    const known = this.#jobs.get(key);
    if (known !== undefined) return known;
    this.#jobs.set(key, found);
    if (found.isOver) this.#forgetInTime(found);
    this.#forgetOldest();
    return found;
  }

  /** A job was removed elsewhere. */
  #forgotten(key: string, files: string): void {
    const job = this.#jobs.get(key);
    if (job === undefined || this.spool.namesOf(job.request.files) !== files) return;
    void this.#lose(job).catch(() => undefined);
  }

  /** Knows a job no more that the queue does not know either. */
  async #lose(job: Job): Promise<void> {
    this.#drop(job);
    if (job.result !== undefined) await this.spool.remove(job.result.path);
  }

  #drop(job: Job): void {
    clearTimeout(this.#timers.get(job));
    this.#timers.delete(job);
    this.#held.delete(job);
    const key = keyOf(job.request);
    if (this.#jobs.get(key) === job) this.#jobs.delete(key);
  }

  #began(job: Job): void {
    if (job.state !== 'queued') return;
    this.#held.get(job)?.begin();
    job.begin();
    this.metrics.began((Date.now() - job.created) / 1000);
  }

  #ended(job: Job, outcome: Outcome): void {
    if (job.isOver) return;
    job.end(outcome, this.limits.resultSeconds);
    const seconds = job.started === undefined ? undefined : (Date.now() - job.started) / 1000;
    this.metrics.ended(job.request.operation, job.state, seconds);
    this.#held.get(job)?.free();
    this.#held.delete(job);
    this.#forgetInTime(job);
  }

  #forgetInTime(job: Job): void {
    const milliseconds = Math.max(0, (job.expires ?? 0) - Date.now());
    const timer = setTimeout(() => void this.forget(job).catch(() => undefined), milliseconds);
    this.#timers.set(job, timer.unref());
  }

  #forgetOldest(): void {
    if (this.#jobs.size <= mostRemembered) return;
    for (const job of this.#jobs.values()) {
      if (!job.isOver) continue;
      void this.forget(job).catch(() => undefined);
      return;
    }
  }
}
