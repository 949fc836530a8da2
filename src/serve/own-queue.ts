import type { Job } from './job.js';
import type { Limits } from './options.js';
import { problemOf } from './problem.js';
import type { JobListener, JobQueue } from './queue.js';
import { workOn, type WorkParts } from './work-on.js';

/** Jobs that wait in memory, in their order, and are worked on in this process. */
export class OwnQueue implements JobQueue {
  readonly isThere = true;
  readonly keeps = false;
  readonly #waiting: Job[] = [];
  readonly #working = new Map<Job, Promise<void>>();
  #listener: JobListener | undefined;

  constructor(
    readonly parts: WorkParts,
    readonly limits: Pick<Limits, 'places' | 'workSeconds'>,
  ) {}

  get active(): number {
    return this.#working.size;
  }

  listen(listener: JobListener): void {
    this.#listener = listener;
  }

  async add(job: Job): Promise<Job> {
    this.#waiting.push(job);
    this.#next();
    return job;
  }

  async stillHas(): Promise<boolean> {
    return true;
  }

  async find(): Promise<undefined> {}

  async forget(): Promise<void> {}

  async cancel(job: Job, reason: Error): Promise<void> {
    job.stop(reason);
    const at = this.#waiting.indexOf(job);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    await this.parts.spool.remove(...job.request.files);
    this.#failed(job, reason);
  }

  async end(graceSeconds: number, reason: Error): Promise<void> {
    const patience = AbortSignal.timeout(graceSeconds * 1000);
    while (this.#working.size > 0 && !patience.aborted)
      await Promise.race([...this.#working.values(), aborted(patience)]);
    for (const job of [...this.#working.keys(), ...this.#waiting]) await this.cancel(job, reason);
    await Promise.all(this.#working.values());
  }

  #next(): void {
    while (this.#working.size < this.limits.places) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const working = this.#work(job).finally(() => {
        this.#working.delete(job);
        this.#next();
      });
      this.#working.set(job, working);
    }
  }

  async #work(job: Job): Promise<void> {
    this.#listener?.began(job);
    const times = { waited: (Date.now() - job.created) / 1000, most: this.limits.workSeconds };
    const onProgress = job.hear.bind(job);
    const working = workOn(job.request, this.parts, times, { signal: job.signal, onProgress });
    try {
      this.#listener?.ended(job, { result: await working.result });
    } catch (error) {
      this.#failed(job, error);
    }
    await working.ended;
    await this.parts.spool.remove(...job.request.files);
  }

  #failed(job: Job, error: unknown): void {
    this.#listener?.ended(job, { problem: problemOf(error, (text) => job.named(text)) });
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
