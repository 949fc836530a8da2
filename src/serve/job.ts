import { EventEmitter, once } from 'node:events';
import type { Progress } from '../api/index.js';
import { present } from '../present.js';
import type { Work } from './operations.js';
import type { Problem } from './problem.js';

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
  readonly work: Work;
  /** The files of its pictures, which are the job's from now on. */
  readonly files: readonly string[];
  /** Says whether another request asks for the same. */
  readonly fingerprint: string;
}

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
  readonly created = Date.now();
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
  readonly #notes: string[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #stop = new AbortController();

  constructor(readonly request: JobRequest) {}

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
      if (this.#notes.length < mostNotes) this.#notes.push(progress.message);
    } else if ('tiles' in progress) this.progress = progress.tile / progress.tiles;
    else if (progress.kind === 'training') {
      const { elapsedSeconds, remainingSeconds } = progress;
      this.progress = elapsedSeconds / Math.max(elapsedSeconds + remainingSeconds, 1e-9);
    } else return;
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
      notes: this.#notes.length === 0 ? undefined : this.#notes.map((note) => this.named(note)),
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
