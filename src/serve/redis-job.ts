import {
  array,
  boolean,
  type InferOutput,
  number,
  object,
  optional,
  pipe,
  record,
  regex,
  safeParse,
  string,
  tuple,
  union,
} from 'valibot';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import type { Job, JobNews, JobRequest } from './job.js';
import type { Limits } from './options.js';
import type { Outcome } from './queue.js';
import type { Spool } from './spool.js';

// Jobs as they lie in Redis. Whoever reaches Redis could write them, so that they are looked at before they are believed.

/** A file of the shared folder: by its name there, as the folder has another path on each machine. */
const file = pipe(string(), regex(/^[0-9a-f-]{36}$/));

const jobSchema = object({
  ...{ version: string(), id: string(), client: string(), operation: string(), fingerprint: string() },
  given: array(tuple([string(), string()])),
  files: array(file),
  created: number(),
  /** Limits of the service that took it in. */
  ...{ workSeconds: number(), adaptMinutes: number() },
  cancelled: optional(boolean()),
});

/** A job as it lies in Redis. */
export type StoredJob = InferOutput<typeof jobSchema>;

const problemSchema = object({
  status: number(),
  code: string(),
  title: string(),
  option: optional(string()),
});
const resultSchema = object({ file, bytes: number(), type: string(), headers: record(string(), string()) });
const newsSchema = object({ progress: number(), notes: array(string()) });
const outcomeSchema = union([
  object({ result: resultSchema, news: newsSchema }),
  object({ problem: problemSchema, news: newsSchema }),
]);

/** What came of a job, as it lies in Redis. */
export type StoredOutcome = InferOutput<typeof outcomeSchema>;

/** A job for Redis. */
export function storedJob(
  { request, created }: Job,
  spool: Spool,
  { workSeconds, adaptMinutes }: Pick<Limits, 'workSeconds' | 'adaptMinutes'>,
): StoredJob {
  const { id, client, operation, given, files, fingerprint } = request;
  return {
    ...{ version: packageVersion(), id, client, operation, fingerprint, created, workSeconds, adaptMinutes },
    given: [...given],
    files: files.map((path) => spool.nameOf(path)),
  };
}

/** What lies in Redis as a job; `undefined` where it is none. */
export function readJob(data: unknown): StoredJob | undefined {
  const read = safeParse(jobSchema, data);
  return read.success ? read.output : undefined;
}

/** The request of a job that lies in Redis. */
export const requestOf = (
  { id, client, operation, given, files, fingerprint }: StoredJob,
  spool: Spool,
): JobRequest => ({
  ...{ id, client, operation, fingerprint, attended: false },
  given: new Map(given),
  files: files.map((name) => spool.pathOf(name)),
});

/** What came of a job, for Redis. */
export function storedOutcome(outcome: Outcome, { progress, notes }: JobNews, spool: Spool): StoredOutcome {
  const news = { progress, notes: [...notes] };
  if ('problem' in outcome) return { problem: { ...outcome.problem }, news };
  const { path, bytes, type, headers } = outcome.result;
  return { result: { file: spool.nameOf(path), bytes, type, headers: { ...headers } }, news };
}

/** What lies in Redis as what came of a job; `undefined` where it is none. */
export function readOutcome(
  value: unknown,
  spool: Spool,
): { readonly outcome: Outcome; readonly news: JobNews } | undefined {
  const read = safeParse(outcomeSchema, value);
  if (!read.success) return undefined;
  const { news } = read.output;
  if ('result' in read.output) {
    const { file: name, ...result } = read.output.result;
    return { outcome: { result: { ...result, path: spool.pathOf(name) } }, news };
  }
  const { option, ...problem } = read.output.problem;
  return { outcome: { problem: { type: 'about:blank', ...problem, ...present({ option }) } }, news };
}

/** News of a job that lie in Redis. */
export function readNews(value: unknown): JobNews | undefined {
  const read = safeParse(newsSchema, value);
  return read.success ? read.output : undefined;
}
