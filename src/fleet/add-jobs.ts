import { type FleetJob, jobId } from './job.js';
import type { OpenQueue } from './queue.js';

/** How often a picture is tried: what fails again, perhaps on another machine, is listed. */
const attempts = 2;

/** Milliseconds until a picture that failed is tried again: by then another machine may be free for it. */
const untilTriedAgain = 10_000;

type Opened = Pick<OpenQueue, 'queue' | 'redis'>;

/**
 * Puts jobs into the queue; those that are there already stay as they are. Jobs that are done leave it, so that it holds no more than
 * what waits, is worked on, or failed.
 *
 * @param tried how often their pictures have been tried already
 * @returns how many were there already
 */
export async function addJobs(
  { queue, redis }: Opened,
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
        backoff: { type: 'fixed', delay: untilTriedAgain },
        ...(tried > 0 ? { delay: untilTriedAgain } : {}),
      },
    })),
  );
  return known;
}

/**
 * Takes those of the jobs that failed for good out of the queue, and those of their pictures that failed alone, so that they can be put
 * in anew.
 *
 * @returns how many
 */
export async function forgetFailed(opened: Opened, jobs: readonly FleetJob[]): Promise<number> {
  const failed = await failedOf(opened, withParts(jobs).map(jobId));
  for (const id of failed) await opened.queue.remove(id);
  return failed.length;
}

/** How many jobs wait or are worked on that write the same results as these, by other recipes. */
export async function countRivals(
  opened: Opened,
  jobs: readonly FleetJob[],
  recipes: readonly string[],
): Promise<number> {
  const ids = recipes.flatMap((recipe) => withParts(jobs).map(({ pictures }) => jobId({ recipe, pictures })));
  if (ids.length === 0) return 0;
  const there = await opened.redis.client.exists(...ids.map((id) => opened.queue.toKey(id)));
  return there === 0 ? 0 : there - (await failedOf(opened, ids)).length;
}

/** The jobs, and each picture of several as a job of its own. */
const withParts = (jobs: readonly FleetJob[]): readonly FleetJob[] =>
  jobs.flatMap((job) =>
    job.pictures.length === 1 ? [job] : [job, ...job.pictures.map((one) => ({ ...job, pictures: [one] }))],
  );

async function failedOf({ queue, redis }: Opened, ids: readonly string[]): Promise<readonly string[]> {
  const since = await redis.client.zmscore(queue.toKey('failed'), ...ids);
  return ids.filter((_, at) => typeof since[at] === 'string');
}
