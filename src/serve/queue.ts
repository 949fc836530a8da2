import type { Job, JobResult } from './job.js';
import type { Problem } from './problem.js';

/** What came of a job: its result, or why there is none. */
export type Outcome = { readonly result: JobResult } | { readonly problem: Problem };

/** Who hears of the jobs of a queue. */
export interface JobListener {
  /** Somebody works on a job now. */
  began(job: Job): void;
  /** A job is over. Harmless when repeated. */
  ended(job: Job, outcome: Outcome): void;
  /**
   * Somebody else removed a job with its result.
   *
   * @param key its `keyOf`
   * @param files the names of its files, which no other job has
   */
  forgotten(key: string, files: string): void;
}

/** Where jobs wait for their turn. */
export interface JobQueue {
  /** Whether jobs can be taken at the moment. */
  readonly isThere: boolean;
  /** Jobs that are worked on here. */
  readonly active: number;
  /** To be called once, before everything else. */
  listen(listener: JobListener): void;
  /**
   * Lets a job wait for its turn.
   *
   * @returns what is under its id: the job itself, or one that was there before
   */
  add(job: Job): Promise<Job>;
  /** Whether a job that this process knows is still the one under its id: elsewhere it may have been removed, or replaced. */
  stillHas(job: Job): Promise<boolean>;
  /** A job that this process does not know. */
  find(client: string, id: string): Promise<Job | undefined>;
  /** Stops a job that is not over; the listener hears its end. */
  cancel(job: Job, reason: Error): Promise<void>;
  /** Forgets a job that is over; another one that has its id by now stays. */
  forget(job: Job): Promise<void>;
  /** Begins nothing more, waits for what runs as long as time allows, and stops the rest, or gives it back to others. */
  end(graceSeconds: number, reason: Error): Promise<void>;
  /** Whether what waits and what is done stays when the service ends. */
  readonly keeps: boolean;
}
