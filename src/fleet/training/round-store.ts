import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { writeBeside } from '../../write-beside.js';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** How often, and after how many milliseconds, a file is looked for that others wrote: a network disk may show it late. */
const [looks, pause] = [8, 250];

/** What the members of a training hand each other: files by their hashes, in a folder that all see. */
export class RoundStore {
  constructor(readonly folder: string) {}

  /** Makes the folder, where it is not there. */
  async make(): Promise<void> {
    await makeFolder(this.folder).catch((error: unknown) => {
      throw fileError(`cannot make the folder ${this.folder}`, error);
    });
  }

  /** Where a file of that hash lies. */
  pathOf(sha256: string, ending = 'safetensors'): string {
    return join(this.folder, `${sha256}.${ending}`);
  }

  /**
   * Writes bytes; those that are there already stay.
   *
   * @returns their hash
   * @throws RevelaError where they cannot be written
   */
  async put(bytes: Uint8Array, ending?: string): Promise<string> {
    const sha256 = hashOf(bytes);
    const path = this.pathOf(sha256, ending);
    try {
      // One of the same name that was damaged is not kept.
      const there = await readFile(path).catch(() => undefined);
      if (there === undefined || hashOf(there) !== sha256) await writeBeside(path, [bytes]);
    } catch (error) {
      throw fileError(`cannot write into ${this.folder}`, error);
    }
    return sha256;
  }

  /**
   * Reads bytes by their hash.
   *
   * @throws RevelaError for a file that is not there, or not what its name says
   */
  async get(sha256: string, ending?: string): Promise<Uint8Array> {
    const path = this.pathOf(sha256, ending);
    for (let look = 1; ; look++) {
      try {
        const bytes = await readFile(path);
        if (hashOf(bytes) === sha256) return bytes;
        if (look === looks)
          throw new RevelaError(`${path} is not what its name says: it was damaged or changed`);
      } catch (error) {
        if (look === looks || fileErrorCode(error) !== 'ENOENT')
          throw fileError(`cannot read ${path}`, error, path);
      }
      await wait(pause);
    }
  }

  /** Removes files that nobody needs any more. */
  async remove(hashes: Iterable<string>): Promise<void> {
    for (const sha256 of hashes) await rm(this.pathOf(sha256), { force: true }).catch(() => {});
  }

  /** Removes all tensors but these. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const known = names.flatMap((name) => /^([0-9a-f]{64})\.safetensors$/.exec(name)?.[1] ?? []);
    await this.remove(known.filter((sha256) => !hashes.has(sha256)));
  }
}
