import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Progress } from '../api/index.js';
import { present } from '../present.js';
import type { Problem } from './problem.js';
import type { Outcome } from './queue.js';

export type JobState = 'queued' | 'active' | 'done' | 'failed' | 'cancelled';

/** The result of a job: a file, and what headers say of it. */
export interface JobResult {
  readonly path: string;
  readonly bytes: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a job is asked to do. */
export interface JobRequest {
  readonly id: string;
  readonly client: string;
  readonly operation: string;
  /** The operation's options as they came. */
  readonly given: ReadonlyMap<string, string>;
  /** The files of its pictures, which are the job's from now on. */
  readonly files: readonly string[];
  /** Says whether another request asks for the same. */
  readonly fingerprint: string;
  /** Whether its client waits for the answer, and nobody else will ask for it. */
  readonly attended: boolean;
}

/** Under what a job is kept: clients have ids of their own. */
export const keyOf = ({ client, id }: Pick<JobRequest, 'client' | 'id'>): string =>
  createHash('sha256').update(`${client}\n${id}`).digest('hex');

/** How far work on a job has come. */
export interface JobNews {
  /** How much of the work is done, 0 to 1. */
  readonly progress: number;
  readonly notes: readonly string[];
}

/** Problems of jobs that somebody stopped. */
const stopped: readonly string[] = ['ERR_CANCELLED', 'ERR_ENDING'];

/** A text in which the files of pictures are called what they are. */
export function namedFiles(files: readonly string[], text: string): string {
  return files.reduce(
    (told, file, index) => told.replaceAll(file, index === 0 ? 'the picture' : 'the reference'),
    text,
  );
}

/** Notes of a job that are kept. */
const mostNotes = 20;

/** A picture that waits, is worked on, or was. */
export class Job {
  state: JobState = 'queued';
  started: number | undefined;
  ended: number | undefined;
  expires: number | undefined;
  /** How much of the work is done, 0 to 1. */
  progress = 0;
  /** Grows with every change. */
  version = 0;
  result: JobResult | undefined;
  problem: Problem | undefined;
  #notes: readonly string[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #stop = new AbortController();

  constructor(
    readonly request: JobRequest,
    readonly created = Date.now(),
  ) {}

  /** Is aborted when the job is cancelled. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isOver(): boolean {
    return this.state !== 'queued' && this.state !== 'active';
  }

  stop(reason: Error): void {
    this.#stop.abort(reason);
  }

  /** Takes in what the library tells. */
  hear(progress: Progress): void {
    if (progress.kind === 'note') {
      if (this.#notes.length < mostNotes) this.#notes = [...this.#notes, this.named(progress.message)];
    } else if ('tiles' in progress) this.progress = progress.tile / progress.tiles;
    else if (progress.kind === 'training') {
      const { elapsedSeconds, remainingSeconds } = progress;
      this.progress = elapsedSeconds / Math.max(elapsedSeconds + remainingSeconds, 1e-9);
    } else return;
    this.changed();
  }

  /** What {@link hear} made of it, for {@link takeNews} elsewhere. */
  get news(): JobNews {
    return { progress: this.progress, notes: this.#notes };
  }

  takeNews({ progress, notes }: JobNews): void {
    this.progress = progress;
    this.#notes = notes;
    this.changed();
  }

  /** Somebody works on it from now on. */
  begin(): void {
    this.started = Date.now();
    this.state = 'active';
    this.changed();
  }

  /** Who worked on it gave it back. */
  waitAgain(): void {
    if (this.state !== 'active') return;
    this.started = undefined;
    this.state = 'queued';
    this.changed();
  }

  /**
   * @param keptSeconds how long its result is kept
   * @param at when it ended, in milliseconds since 1970
   */
  end(outcome: Outcome, keptSeconds: number, at = Date.now()): void {
    this.ended = at;
    this.expires = this.ended + keptSeconds * 1000;
    if ('result' in outcome) {
      this.result = outcome.result;
      this.progress = 1;
      this.state = 'done';
    } else {
      this.problem = outcome.problem;
      this.state = stopped.includes(outcome.problem.code) ? 'cancelled' : 'failed';
    }
    this.changed();
  }

  /** Something is new. */
  changed(): void {
    this.version += 1;
    this.#changes.emit('change');
  }

  /** Waits until something is new. */
  async nextChange(signal?: AbortSignal): Promise<void> {
    await once(this.#changes, 'change', present({ signal }));
  }

  /** Waits until nothing more happens. */
  async over(): Promise<void> {
    while (!this.isOver) await this.nextChange();
  }

  /** A text without the paths of the job's files. */
  named(text: string): string {
    return namedFiles(this.request.files, text);
  }

  /** The job as JSON shows it. */
  shown(): Readonly<Record<string, unknown>> {
    const { id, operation } = this.request;
    const time = (at: number | undefined): string | undefined =>
      at === undefined ? undefined : new Date(at).toISOString();
    return present({
      ...{ id, operation, state: this.state, progress: Math.round(this.progress * 1000) / 1000 },
      ...{ created: time(this.created), started: time(this.started), ended: time(this.ended) },
      expires: time(this.expires),
      notes: this.#notes.length === 0 ? undefined : this.#notes,
      result: this.result && {
        href: `/v1/jobs/${id}/result`,
        type: this.result.type,
        bytes: this.result.bytes,
        headers: this.result.headers,
      },
      problem: this.problem,
    });
  }
}
