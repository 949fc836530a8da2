import type { Job as StoredEntry, Queue, QueueEvents, QueueEventsProducer } from 'bullmq';
import { RevelaError } from '../errors.js';
import { closeParts, type OpenRedis, seconds } from '../redis/index.js';
import { Job, keyOf } from './job.js';
import type { Limits } from './options.js';
import { cancelled, problemOf, Refusal } from './problem.js';
import type { JobListener, JobQueue, Outcome } from './queue.js';
import { readJob, readNews, readOutcome, requestOf, storedJob } from './redis-job.js';
import { type JobEvents, queueName, type RedisWorker } from './redis-worker.js';
import type { Spool } from './spool.js';

/** Milliseconds after which jobs are looked at, whether they were heard of or not. */
const lookInterval = 15_000;

/** How often jobs are looked at before files are that nobody wants. */
const looksPerSweep = 20;

/** Seconds for which Redis keeps a job that is over longer than its service does. */
const longer = 60;

/** What a queue in Redis works with. */
export interface RedisQueueParts {
  readonly redis: OpenRedis;
  readonly spool: Spool;
  readonly limits: Limits;
  /** Works on jobs in this process; `undefined` where others do. */
  readonly worker: RedisWorker | undefined;
}

/** A job that is not over, by its key in Redis. */
interface Following {
  readonly job: Job;
  /** Those that Redis has not confirmed yet are not looked for. */
  confirmed: boolean;
  /** Whether the last look did not find it: what became of it may be on its way. */
  missed: boolean;
}

/** Jobs that wait in Redis, by BullMQ: workers of any process take them, and any service finds them, also after it was ended. */
export class RedisQueue implements JobQueue {
  readonly keeps = true;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #producer: QueueEventsProducer;
  readonly #followed = new Map<string, Following>();
  readonly #looking: NodeJS.Timeout;
  #looks = 0;
  #listener: JobListener | undefined;

  constructor(readonly parts: RedisQueueParts) {
    const { bullmq, client: connection } = parts.redis;
    this.#queue = new bullmq.Queue(queueName, { connection });
    this.#events = new bullmq.QueueEvents(queueName, { connection });
    this.#producer = new bullmq.QueueEventsProducer(queueName, { connection });
    // The connection tells what Redis is about.
    this.#queue.on('error', () => {});
    this.#events.on('error', () => {});
    this.#producer.on('error', () => {});
    const about = (key: string): Job | undefined => this.#followed.get(key)?.job;
    const look = ({ jobId }: { jobId: string }): void => void this.#look(jobId).catch(() => undefined);
    this.#events.on('active', ({ jobId }) => {
      const job = about(jobId);
      if (job !== undefined) this.#listener?.began(job);
    });
    this.#events.on('waiting', ({ jobId }) => about(jobId)?.waitAgain());
    this.#events.on('progress', ({ jobId, data }) => {
      const news = readNews(data);
      if (news !== undefined) about(jobId)?.takeNews(news);
    });
    this.#events.on('completed', look);
    this.#events.on('failed', look);
    this.#events.on<JobEvents, 'cancel'>('cancel', ({ jobId, files }) => this.#removed(jobId, files));
    this.#events.on<JobEvents, 'forgotten'>('forgotten', ({ jobId, files }) => {
      this.#removed(jobId, files);
      this.#listener?.forgotten(jobId, files);
    });
    this.#looking = setInterval(() => void this.#lookAround().catch(() => undefined), lookInterval).unref();
  }

  /** Waits until it hears what becomes of jobs. */
  async ready(): Promise<void> {
    await this.#events.waitUntilReady();
  }

  get isThere(): boolean {
    return this.parts.redis.isThere;
  }

  get active(): number {
    return [...this.#followed.values()].filter(({ job }) => job.state === 'active').length;
  }

  listen(listener: JobListener): void {
    this.#listener = listener;
  }

  async add(job: Job): Promise<Job> {
    const { spool, limits } = this.parts;
    const key = keyOf(job.request);
    const data = storedJob(job, spool, limits);
    const following = { job, confirmed: false, missed: false };
    this.#followed.set(key, following);
    try {
      const age = limits.resultSeconds + longer;
      await this.#queue.add(job.request.operation, data, {
        ...{ jobId: key, removeOnComplete: { age }, removeOnFail: { age } },
      });
      const entry: StoredEntry | undefined = await this.#queue.getJob(key);
      following.confirmed = true;
      // Another service was faster.
      if (entry !== undefined && this.#isOther(entry, job)) {
        this.#followed.delete(key);
        return this.#restored(key, entry) ?? job;
      }
      return job;
    } catch (error) {
      this.#followed.delete(key);
      const told = this.parts.redis.error(error);
      throw told instanceof RevelaError
        ? new Refusal(503, 'ERR_BUSY', told.message, { 'Retry-After': '30' })
        : told;
    }
  }

  async stillHas(job: Job): Promise<boolean> {
    // Where Redis is away, what is remembered is all there is.
    if (!this.isThere) return true;
    const key = keyOf(job.request);
    const entry: StoredEntry | undefined = await this.#queue.getJob(key);
    // Redis keeps nothing of what was cancelled; what becomes of a job that is not over will be heard.
    if (entry === undefined) return job.state !== 'done' && job.state !== 'failed';
    if (!this.#isOther(entry, job)) return true;
    await this.#ended(key, job, { problem: problemOf(cancelled()) });
    return false;
  }

  async find(client: string, id: string): Promise<Job | undefined> {
    const key = keyOf({ client, id });
    const entry: StoredEntry | undefined = await this.#queue.getJob(key);
    if (entry === undefined) return undefined;
    const job = this.#restored(key, entry);
    if (job?.expires === undefined || job.expires > Date.now()) return job;
    await this.forget(job);
    if (job.result !== undefined) await this.parts.spool.remove(job.result.path);
    return undefined;
  }

  async cancel(job: Job, reason: Error): Promise<void> {
    const key = keyOf(job.request);
    await this.#ended(key, job, { problem: problemOf(reason) });
    const entry: StoredEntry | undefined = await this.#queue.getJob(key);
    if (entry === undefined || this.#isOther(entry, job)) return;
    const removed = await entry.remove().then(
      () => true,
      () => false,
    );
    if (removed) return this.#tell('cancel', job).catch(() => undefined);
    // Somebody works on it, or did so: whoever begins it anew shall know, too.
    await entry.updateData({ ...entry.data, cancelled: true });
    await this.#tell('cancel', job);
  }

  async forget(job: Job): Promise<void> {
    const entry: StoredEntry | undefined = await this.#queue.getJob(keyOf(job.request));
    if (entry !== undefined && !this.#isOther(entry, job)) await entry.remove().catch(() => undefined);
    await this.#tell('forgotten', job).catch(() => undefined);
  }

  async end(graceSeconds: number, reason: Error): Promise<void> {
    const own = this.parts.worker?.end(graceSeconds);
    const attended = [...this.#followed.values()].filter(({ job }) => job.request.attended);
    const answered = Promise.all(attended.map(({ job }) => job.over()));
    await Promise.race([answered, seconds(graceSeconds)]);
    // Nobody could ask for them: the others stay, for whoever serves next.
    const cancelling = attended.filter(({ job }) => !job.isOver).map(({ job }) => this.cancel(job, reason));
    await Promise.race([Promise.allSettled(cancelling), seconds(2)]);
    await own;
    clearInterval(this.#looking);
    await closeParts(this.parts.redis, [this.#queue, this.#events, this.#producer], 2);
  }

  /** Tells all services, and whoever works on it, what happens to a job. */
  async #tell(eventName: 'cancel' | 'forgotten', { request }: Job): Promise<void> {
    const files = this.parts.spool.namesOf(request.files);
    await this.#producer.publishEvent({ eventName, jobId: keyOf(request), files });
  }

  /** A job that somebody cancelled or removed, at whichever service, is over. */
  #removed(key: string, files: string): void {
    const job = this.#followed.get(key)?.job;
    if (job === undefined || this.parts.spool.namesOf(job.request.files) !== files) return;
    void this.#ended(key, job, { problem: problemOf(cancelled()) }).catch(() => undefined);
  }

  /** Whether what lies in Redis under a job's key is another job: that one was removed, and its id taken again. */
  #isOther({ data }: StoredEntry, { request }: Job): boolean {
    const stored = readJob(data);
    return stored !== undefined && stored.files.join() !== this.parts.spool.namesOf(request.files);
  }

  /** A job as it lies in Redis; from now on it is followed. */
  #restored(key: string, entry: StoredEntry): Job | undefined {
    const stored = readJob(entry.data);
    if (stored === undefined) return undefined;
    const job = new Job(requestOf(stored, this.parts.spool), stored.created);
    const ended = this.#outcomeOf(entry);
    if (ended === undefined) {
      const known = this.#followed.get(key)?.job;
      if (known !== undefined && !this.#isOther(entry, known)) return known;
      if (known !== undefined) this.#removed(key, this.parts.spool.namesOf(known.request.files));
      this.#followed.set(key, { job, confirmed: true, missed: false });
      if (entry.processedOn !== undefined) job.begin();
      const news = readNews(entry.progress);
      if (news !== undefined) job.takeNews(news);
      return job;
    }
    job.takeNews(ended.news);
    this.#adopt(ended.outcome);
    job.end(ended.outcome, this.parts.limits.resultSeconds, entry.finishedOn);
    return job;
  }

  /** What became of a job, where it is over. */
  #outcomeOf({ finishedOn, failedReason, returnvalue }: StoredEntry) {
    if (finishedOn === undefined || finishedOn === null) return undefined;
    const read = readOutcome(returnvalue, this.parts.spool);
    if (read !== undefined) return read;
    const title = /stalled/.test(failedReason ?? '')
      ? 'two workers ended while they worked on this'
      : failedReason || 'a worker answered what this service does not understand';
    const problem = problemOf(new Refusal(500, 'ERR_FAILED', title));
    return { outcome: { problem }, news: { progress: 0, notes: [] } };
  }

  /** Asks Redis what has become of a job. */
  async #look(key: string): Promise<void> {
    const following = this.#followed.get(key);
    if (following === undefined) return;
    const { job } = following;
    const entry: StoredEntry | undefined = await this.#queue.getJob(key);
    const isOther = entry !== undefined && this.#isOther(entry, job);
    if (entry === undefined || isOther) {
      if (!following.confirmed) return;
      const lost = new Refusal(500, 'ERR_FAILED', 'Redis does not know this job any more; ask again');
      if (isOther || following.missed)
        return this.#ended(key, job, { problem: problemOf(isOther ? cancelled() : lost) });
      following.missed = true;
      return;
    }
    following.missed = false;
    const ended = this.#outcomeOf(entry);
    if (ended === undefined) return;
    job.takeNews(ended.news);
    await this.#ended(key, job, ended.outcome);
  }

  /** Looks at all jobs, as events may have been missed, and removes files that are nobody's. */
  async #lookAround(): Promise<void> {
    if (!this.isThere) return;
    await Promise.all([...this.#followed.keys()].map((key) => this.#look(key)));
    if (this.#looks++ % looksPerSweep !== 0) return;
    const { spool, limits } = this.parts;
    const entries: readonly StoredEntry[] = await this.#queue.getJobs();
    const wanted = entries.flatMap(({ data, returnvalue }) => {
      const read = readOutcome(returnvalue, spool);
      const result = read !== undefined && 'result' in read.outcome ? [read.outcome.result.path] : [];
      return [...(readJob(data)?.files ?? []), ...result.map((path) => spool.nameOf(path))];
    });
    await spool.sweep(new Set(wanted), 600 + 2 * Math.max(limits.transferSeconds, limits.workSeconds));
  }

  async #ended(key: string, job: Job, outcome: Outcome): Promise<void> {
    if (this.#followed.get(key)?.job === job) this.#followed.delete(key);
    if (job.isOver) return;
    this.#adopt(outcome);
    this.#listener?.ended(job, outcome);
    await this.parts.spool.remove(...job.request.files);
  }

  /** Counts the file of a result as one of this service. */
  #adopt(outcome: Outcome): void {
    if ('result' in outcome) this.parts.spool.adopt(outcome.result.path, outcome.result.bytes);
  }
}
