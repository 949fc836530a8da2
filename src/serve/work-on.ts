import { unlessStopped } from '../unless-stopped.js';
import type { Engine } from './engine.js';
import type { JobRequest, JobResult } from './job.js';
import type { Operations, Watched } from './operations.js';
import { Refusal } from './problem.js';
import type { Spool } from './spool.js';
import { writeResult } from './write-result.js';

/** What work on jobs needs. */
export interface WorkParts {
  readonly engine: Engine;
  readonly spool: Spool;
  readonly operations: Operations;
}

/** How long a job has waited, and may be worked on, in seconds. */
export interface WorkTimes {
  readonly waited: number;
  readonly most: number;
}

/** Work that is under way. */
export interface Working {
  /** Its result; fails at once where it is stopped or takes too long. */
  readonly result: Promise<JobResult>;
  /** Nothing of it runs any more: who stops a job need not wait for the end of its tile; what is worked on next does. */
  readonly ended: Promise<void>;
}

/** Works on the files of a job. */
export function workOn(
  { operation: name, given, files }: Pick<JobRequest, 'operation' | 'given' | 'files'>,
  { engine, spool, operations }: WorkParts,
  { waited, most }: WorkTimes,
  { signal: stop, onProgress }: Watched,
): Working {
  const begin = performance.now();
  const late = AbortSignal.timeout(most * 1000);
  const signal = AbortSignal.any([stop, late]);
  const doing = async () => {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined) throw new Refusal(400, 'ERR_OPTION', `there is no operation ${name}`);
    return operation.work(given)(engine, files, { signal, onProgress });
  };
  const working = doing();
  const resulting = async (): Promise<JobResult> => {
    try {
      const made = await unlessStopped([working], signal);
      const worked = (performance.now() - begin) / 1000;
      const [input = ''] = files;
      const result = await writeResult(spool, made, input, { waited, worked });
      if (!signal.aborted) return result;
      await spool.remove(result.path);
      throw signal.reason;
    } catch (error) {
      stop.throwIfAborted();
      throw late.aborted ? tooLong(most) : error;
    }
  };
  const ended = async (): Promise<void> => {
    await working.catch(() => undefined);
  };
  return { result: resulting(), ended: ended() };
}

const tooLong = (seconds: number): Refusal =>
  new Refusal(504, 'ERR_TIMEOUT', `the job took more than ${seconds} seconds, which is the most it may`);
