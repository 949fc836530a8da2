import { type FleetJob, jobId } from './job.js';
import type { OpenQueue } from './queue.js';

/** How often a picture is tried: what fails again, perhaps on another machine, is listed. */
const attempts = 2;

/**
 * Puts jobs into the queue; those that are there already stay as they are. Jobs that are done leave it, so that it holds no more than
 * what waits, is worked on, or failed.
 *
 * @param tried how often their pictures have been tried already
 * @returns how many were there already
 */
export async function addJobs(
  { queue, redis }: Pick<OpenQueue, 'queue' | 'redis'>,
  jobs: readonly FleetJob[],
  tried = 0,
): Promise<number> {
  const ids = jobs.map(jobId);
  const known = await redis.client.exists(...ids.map((id) => queue.toKey(id)));
  await queue.addBulk(
    jobs.map((data, at) => ({
      name: data.folder,
      data,
      opts: {
        ...{ jobId: ids[at] ?? '', removeOnComplete: true, stackTraceLimit: 0 },
        attempts: data.pictures.length === 1 ? attempts - tried : attempts,
      },
    })),
  );
  return known;
}
