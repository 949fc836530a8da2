import { disposable } from '../../belongings.js';
import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { number, object, string } from 'valibot';
import { fileError } from '../../file-errors.js';
import { ifRight, readJson } from '../../options/index.js';
import { present } from '../../present.js';
import { hashFile, newHash } from './file-hash.js';

/** What the bytes of a part are the beginning of. */
export interface PartSource {
  readonly url: string;
  /** The strong entity tag of the file, where the server gave one. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** Bytes of the whole file, where the server said. */
  readonly total?: number;
}

/** The beginning of a file that is being downloaded, open for writing, with the hash of what is there. */
export interface Part extends AsyncDisposable {
  readonly length: number;
  /** Whether some of it is kept from an earlier request, of this pull or of another one. */
  readonly resumed: boolean;
  readonly source: PartSource | undefined;
  /** SHA-256 of what is there. */
  digest(): string;
  /** Keeps what came for the next request. */
  keep(): void;
  /** Drops what is there and begins anew. */
  restart(source: PartSource | undefined): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  /** Waits until everything is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The names in the folder of a part. */
const [bytesName, sourceName] = ['bytes', 'source.json'] as const;

export const partBytes = (folder: string): string => join(folder, bytesName);

/**
 * Takes away what is no file of its own in the folder of a part: links, pipes, and second names of files elsewhere. Nothing
 * is followed.
 *
 * @throws the error of the file system
 */
export async function dropForeignFiles(folder: string): Promise<void> {
  for (const name of [bytesName, sourceName]) {
    const facts = await lstat(join(folder, name)).catch(() => undefined);
    if (facts !== undefined && !(facts.isFile() && facts.nlink === 1))
      await rm(join(folder, name), { recursive: true });
  }
}

/**
 * Opens the part in a folder, which may be empty. What is there is read once, for the hash.
 *
 * @throws the error of the file system, or the reason of the signal; of its methods: RevelaError
 */
export async function openPart(folder: string, signal?: AbortSignal): Promise<Part> {
  // Neither is a link, which would lead what comes to another file.
  const [here, noLink] = [constants.O_CREAT, constants.O_NOFOLLOW ?? 0];
  const file = await open(partBytes(folder), constants.O_RDWR | here | noLink);
  const failed = (error: unknown): unknown => fileError(`cannot write ${partBytes(folder)}`, error);
  let hash: Hash = newHash();
  let source = await readSource(join(folder, sourceName));
  let length: number;
  try {
    length = await hashFile(file, hash, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
  let resumed = length > 0;
  return disposable({
    get length() {
      return length;
    },
    get resumed() {
      return resumed;
    },
    get source() {
      return source;
    },
    digest: () => hash.copy().digest('hex'),
    keep() {
      resumed = length > 0;
    },
    async restart(next: PartSource | undefined) {
      try {
        await file.truncate(0);
        [length, resumed, source, hash] = [0, false, next, newHash()];
        const flag = constants.O_WRONLY | constants.O_TRUNC | here | noLink;
        await writeFile(join(folder, sourceName), JSON.stringify(next ?? {}), { flag });
      } catch (error) {
        throw failed(error);
      }
    },
    async append(bytes: Uint8Array) {
      try {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, length);
          hash.update(bytes.subarray(done, done + bytesWritten));
          done += bytesWritten;
          length += bytesWritten;
        }
      } catch (error) {
        throw failed(error);
      }
    },
    sync: () => file.sync(),
    close: () => file.close(),
  });
}

const sourceSchema = object({
  url: string(),
  etag: ifRight(string()),
  lastModified: ifRight(string()),
  total: ifRight(number()),
});

/** What the part says of itself; `undefined` where that is missing or was cut short. */
async function readSource(path: string): Promise<PartSource | undefined> {
  const source = readJson(sourceSchema, await readFile(path, 'utf8').catch(() => ''));
  if (source === undefined) return undefined;
  const { url, ...facts } = source;
  return { url, ...present(facts) };
}
