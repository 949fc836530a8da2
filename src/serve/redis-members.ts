import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queue } from 'bullmq';
import { object, parseJson, pipe, safeParse, string } from 'valibot';
import { codeOf, RevelaError } from '../errors.js';
import { fileError, fileErrorCode } from '../file-errors.js';
import { packageVersion } from '../package-version.js';
import { closeParts, type OpenRedis } from '../redis/index.js';
import { writeBeside } from '../write-beside.js';
import { readJob } from './redis-job.js';
import { queueName } from './redis-worker.js';

/** The file by which machines find out that they see the same folder. */
const markFile = 'revela-serve';
/** Where Redis keeps what services and workers have agreed on. */
const key = 'revela:serve:members';
/** Milliseconds after which it is forgotten, unless somebody who goes by it still lives. */
const lifetime = 60_000;

const agreedSchema = pipe(string(), parseJson(), object({ version: string(), mark: string() }));

/**
 * Finds out whether services and workers of a Redis are of one version and see one folder; the first one to come decides, unless jobs
 * of another version wait.
 *
 * @returns ends it: from a minute later on others may decide anew
 * @throws RevelaError where they are of another version, or jobs of one wait, where they see another folder, or nothing can be written there
 */
export async function agree(redis: OpenRedis, folder: string): Promise<() => void> {
  const { client, address } = redis;
  const own = { version: packageVersion(), mark: await markOf(folder) };
  const text = JSON.stringify(own);
  const decided = await claim(client, text);
  const read = safeParse(agreedSchema, await client.get(key));
  if (read.success && read.output.version !== own.version)
    throw new RevelaError(
      `the services and workers of ${address} run Revela ${read.output.version}, and this is ${own.version}: end them first (a minute later it is forgotten), or use the same version`,
    );
  if (read.success && read.output.mark !== own.mark)
    throw new RevelaError(
      `${folder} is not the folder in which the others of ${address} keep pictures and results: name the folder that all of them share, or give this service a database of its own (redis://…/1)`,
      { path: folder },
    );
  const other = await otherVersion(redis);
  if (other !== undefined) {
    if (decided) await client.del(key);
    throw new RevelaError(
      `jobs of Revela ${other} wait in ${address}, and this is ${own.version}: let a worker of that version finish them first, or give this service a database of its own (redis://…/1)`,
    );
  }
  let asking = false;
  const timer = setInterval(() => {
    // While Redis is away, one question waits for it, not hundreds.
    if (asking) return;
    asking = true;
    void renew(client, text)
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  }, lifetime / 3).unref();
  return () => clearInterval(timer);
}

/** Decides where nobody has; says whether it did. */
const claim = async (client: OpenRedis['client'], text: string): Promise<boolean> =>
  (await client.set(key, text, 'PX', lifetime, 'NX')) === 'OK';

/** Lets what was agreed on last; what others have agreed on while this process or Redis was away is theirs. */
export async function renew(client: OpenRedis['client'], text: string): Promise<void> {
  const there = await client.get(key);
  if (there === null) await claim(client, text);
  if (there === text) await client.pexpire(key, lifetime);
}

/** The version of a job that is not over and that this one does not work on. */
async function otherVersion(redis: OpenRedis): Promise<string | undefined> {
  const queue: Queue = new redis.bullmq.Queue(queueName, { connection: redis.client });
  queue.on('error', () => {});
  try {
    const entries = await queue.getJobs(['wait', 'active']);
    const versions = entries.flatMap(({ data }) => readJob(data)?.version ?? []);
    return versions.find((version) => version !== packageVersion());
  } finally {
    await closeParts(redis, [queue], 2);
  }
}

/** The mark of a folder, made where it has none. */
async function markOf(folder: string): Promise<string> {
  const path = join(folder, markFile);
  try {
    await readFile(path).catch(async (error: unknown) => {
      if (fileErrorCode(error) !== 'ENOENT') throw error;
      // Of several that come at once one makes it, and nobody sees half of it.
      await writeBeside(path, [new TextEncoder().encode(`${randomUUID()}\n`)], { replace: false });
    });
  } catch (error) {
    if (codeOf(error) !== 'ERR_FILE_EXISTS') throw fileError(`cannot write in ${folder}`, error, folder);
  }
  const mark = (await readFile(path, 'utf8')).trim();
  if (mark === '') throw new RevelaError(`${path} is empty: remove it, and it is made anew`, { path });
  return mark;
}
