import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { object, parseJson, pipe, safeParse, string } from 'valibot';
import { RevelaError } from '../errors.js';
import { fileError, fileErrorCode } from '../file-errors.js';
import { packageVersion } from '../package-version.js';
import type { OpenRedis } from '../redis/index.js';

/** The file by which machines find out that they see the same folder. */
const markFile = 'revela-serve';
/** Where Redis keeps what services and workers have agreed on. */
const key = 'revela:serve:members';
/** Milliseconds after which it is forgotten, unless somebody who goes by it still lives. */
const lifetime = 60_000;

const agreedSchema = pipe(string(), parseJson(), object({ version: string(), mark: string() }));

/**
 * Finds out whether services and workers of a Redis are of one version and see one folder; the first one to come decides.
 *
 * @returns ends it: from a minute later on others may decide anew
 * @throws RevelaError where they are of another version, see another folder, or nothing can be written there
 */
export async function agree({ client, address }: OpenRedis, folder: string): Promise<() => void> {
  const own = { version: packageVersion(), mark: await markOf(folder) };
  const text = JSON.stringify(own);
  const claim = () => client.set(key, text, 'PX', lifetime, 'NX');
  await claim();
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
  let asking = false;
  const timer = setInterval(() => {
    // While Redis is away, one question waits for it, not hundreds.
    if (asking) return;
    asking = true;
    const stay = async (): Promise<void> => {
      if ((await client.pexpire(key, lifetime)) === 0) await claim();
    };
    void stay()
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  }, lifetime / 3).unref();
  return () => clearInterval(timer);
}

/** The mark of a folder, made where it has none. */
async function markOf(folder: string): Promise<string> {
  const path = join(folder, markFile);
  try {
    await writeFile(path, `${randomUUID()}\n`, { flag: 'wx' });
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw fileError(`cannot write in ${folder}`, error, folder);
  }
  return (await readFile(path, 'utf8')).trim();
}
