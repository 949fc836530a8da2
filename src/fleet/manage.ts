import { type FleetOptions, type FleetQueue, openQueue, type WorkerName, workersOf } from './queue.js';
import { placesIn } from './job.js';
import { unlessStopped } from '../unless-stopped.js';

/** A job that failed for good. */
export interface FailedJob {
  readonly id: string;
  /** Its pictures, by their places in the shared folder. */
  readonly pictures: readonly string[];
  readonly message: string;
}

/** How a fleet's work goes. A job is a picture, or up to 64 small ones. */
export interface FleetStatus {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  /** Since the queue is there. */
  readonly done: number;
  readonly workers: readonly WorkerName[];
  /** The first of the jobs that failed. */
  readonly failures: readonly FailedJob[];
}

/** Options of {@link fleetStatus}. */
export interface StatusOptions extends FleetOptions {
  /** How many of the jobs that failed are told; default 20. */
  readonly failures?: number | undefined;
}

/**
 * How a fleet's work goes.
 *
 * @throws as `openRedis`; what the signal says
 *
 * @example
 * const { waiting, failures } = await fleetStatus({ redis: 'redis://queue.lan:6379' });
 */
export async function fleetStatus(options: StatusOptions): Promise<FleetStatus> {
  await using opened = await openQueue(options);
  return await unlessStopped([statusOf(opened.queue, options.failures ?? 20)], options.signal);
}

async function statusOf(queue: FleetQueue, most: number): Promise<FleetStatus> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
  const { meta } = await queue.getMetrics('completed', 0, 0);
  const failed = most > 0 ? await queue.getFailed(0, most - 1) : [];
  const { waiting = 0, active = 0, delayed = 0 } = counts;
  return {
    ...{ waiting: waiting + delayed, active, failed: counts['failed'] ?? 0, done: meta.count },
    workers: await workersOf(queue),
    failures: failed.map(({ id = '', data, failedReason }) => ({
      ...{ id, pictures: placesIn(data), message: failedReason },
    })),
  };
}

/**
 * Lets the jobs that failed wait again.
 *
 * @returns how many
 *
 * @example
 * await retryFleet({ redis: 'redis://queue.lan:6379' });
 */
export async function retryFleet(options: FleetOptions): Promise<number> {
  await using opened = await openQueue(options);
  return await unlessStopped([retriedIn(opened.queue)], options.signal);
}

async function retriedIn(queue: FleetQueue): Promise<number> {
  const { failed = 0 } = await queue.getJobCounts('failed');
  await queue.retryJobs({ state: 'failed' });
  return failed;
}

/** Options of {@link cancelFleet}. */
export interface CancelOptions extends FleetOptions {
  /** Forgets the jobs that failed, too; default false. */
  readonly failed?: boolean | undefined;
}

/**
 * Gives up what waits; what is worked on comes to its end, and results stay.
 *
 * @returns how many jobs
 *
 * @example
 * await cancelFleet({ redis: 'redis://queue.lan:6379' });
 */
export async function cancelFleet(options: CancelOptions): Promise<number> {
  await using opened = await openQueue(options);
  return await unlessStopped([cancelledIn(opened.queue, options.failed === true)], options.signal);
}

async function cancelledIn(queue: FleetQueue, alsoFailed: boolean): Promise<number> {
  const counts = await queue.getJobCounts('waiting', 'delayed', 'failed');
  const { waiting = 0, delayed = 0, failed = 0 } = counts;
  await queue.drain(true);
  if (!alsoFailed) return waiting + delayed;
  for (let left = failed; left > 0; ) {
    const removed = await queue.clean(0, 1000, 'failed');
    if (removed.length === 0) break;
    left -= removed.length;
  }
  return waiting + delayed + failed;
}
