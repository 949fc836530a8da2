import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileSha256 } from '../../api/index.js';
import { RevelaError } from '../../errors.js';
import { type FleetStorage, type LocalFile, placeIn, type SubmitStorage } from '../storage/storage.js';
import { type Patience, untilThere } from '../storage/until-there.js';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** How often, and after how many milliseconds, a file is looked for that others wrote: a network disk may show it late. */
const [looks, pause] = [8, 250];

/** What the members of a training hand each other: files by their hashes, in a folder that all see. Where that is away or full, it is waited for. */
export class RoundStore {
  constructor(
    readonly storage: FleetStorage,
    /** The place of the folder. */
    readonly folder: string,
    readonly patience: Patience = {},
    /** That this machine takes part; see `proofs.ts`. */
    readonly proof?: string,
  ) {}

  /** Where a file of that hash lies. */
  placeOf(sha256: string, ending = 'safetensors'): string {
    return placeIn(this.folder, `${sha256}.${ending}`);
  }

  /** What people call a file of that hash. */
  nameOf(sha256: string, ending?: string): string {
    return this.storage.nameOf(this.placeOf(sha256, ending));
  }

  /**
   * Puts bytes there.
   *
   * @returns their hash
   * @throws RevelaError where they cannot be written
   */
  async put(bytes: Uint8Array, ending?: string): Promise<string> {
    const sha256 = hashOf(bytes);
    await this.#put(sha256, ending, new Blob([Uint8Array.from(bytes)]));
    return sha256;
  }

  /** Puts a file of this machine there, as {@link put}. */
  async putFile(path: string, ending?: string): Promise<string> {
    const sha256 = await fileSha256(path);
    await this.#put(sha256, ending, await openAsBlob(path));
    return sha256;
  }

  /**
   * Reads bytes by their hash.
   *
   * @throws RevelaError for a file that is not there, or not what its name says
   */
  async get(sha256: string, ending?: string): Promise<Uint8Array> {
    for (let look = 1; ; look++) {
      try {
        await using file = await this.file(sha256, ending);
        const bytes = await readFile(file.path);
        if (hashOf(bytes) === sha256) return bytes;
        if (look === looks)
          throw new RevelaError(
            `${this.nameOf(sha256, ending)} is not what its name says: it was damaged or changed`,
          );
      } catch (error) {
        if (look === looks || !isMissing(error)) throw error;
      }
      await wait(pause, undefined, { signal: this.patience.signal });
    }
  }

  /** A file by its hash, as one of this machine; what is in it is for the caller to check. */
  file(sha256: string, ending?: string): Promise<LocalFile> {
    return untilThere(() => this.storage.fetch(this.placeOf(sha256, ending), sha256), this.patience);
  }

  #put(sha256: string, ending: string | undefined, content: Blob): Promise<void> {
    const place = this.placeOf(sha256, ending);
    return untilThere(() => this.storage.put(place, content, this.proof), this.patience);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof RevelaError && error.code === 'ERR_FILE_MISSING';

/** The same, as the one who hands out has it: what nobody needs any more is taken away. */
export class OwnRounds extends RoundStore {
  constructor(
    override readonly storage: SubmitStorage,
    folder: string,
    patience?: Patience,
  ) {
    super(storage, folder, patience);
  }

  /** Removes files that nobody needs any more; one that cannot be removed stays. */
  async remove(hashes: Iterable<string>): Promise<void> {
    for (const sha256 of hashes) await this.storage.remove(this.placeOf(sha256)).catch(() => {});
  }

  /** Removes all tensors but these. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    const names = await this.storage.filesIn(this.folder).catch(() => []);
    const known = names.flatMap((name) => /^([0-9a-f]{64})\.safetensors$/.exec(name)?.[1] ?? []);
    await this.remove(known.filter((sha256) => !hashes.has(sha256)));
  }
}
