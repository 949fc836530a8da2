import { openAsBlob } from 'node:fs';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { isRunning, thisProcess } from '../../process-identity.js';
import { type LocalFile, type LocalResult, StorageAway, StorageRefusal } from './storage.js';

/**
 * A folder of this machine for copies of what lies elsewhere, and for results on their way there. It goes when it is closed.
 *
 * Where it cannot be written to, no picture has a part in it: that is a {@link StorageRefusal}, or a {@link StorageAway} where the disk is full.
 */
export class Scratch implements AsyncDisposable {
  #folder: Promise<string> | undefined;
  #files = 0;

  /** A copy of a file, by what comes of it. */
  async copy(place: string, chunks: AsyncIterable<Uint8Array>): Promise<LocalFile> {
    const file = await this.file(place);
    try {
      await writeFile(file.path, chunks);
      return file;
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw this.#hindered(`cannot write ${file.path}`, error);
    }
  }

  /** A result that is yet to be written, and how it is sent to its place. */
  async result(place: string, send: (content: Blob) => Promise<void>): Promise<LocalResult> {
    const file = await this.file(place);
    return {
      ...file,
      keep: async () => {
        // Of a file that is gone, a blob does not say why it cannot be had.
        await access(file.path).catch((error: unknown) => {
          throw this.#hindered(`cannot read ${file.path}`, error);
        });
        await send(await openAsBlob(file.path, { type: mediaType(place) }));
      },
    };
  }

  /**
   * Makes sure that files can be written here.
   *
   * @throws StorageRefusal where they cannot; StorageAway where the disk is full, or the folder was removed: the next file gets a new one
   */
  async check(): Promise<void> {
    await using file = await this.file('probe');
    await writeFile(file.path, 'probe').catch((error: unknown) => {
      throw this.#hindered(`cannot write ${file.path}`, error);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** A file that is yet to be written, with the ending of a place. */
  async file(place: string): Promise<LocalFile> {
    this.#folder ??= makeScratch();
    const folder = await this.#folder.catch((error: unknown) => {
      this.#folder = undefined;
      throw this.#hindered(
        `cannot make a folder for copies in ${tmpdir()} (TMPDIR names another one)`,
        error,
      );
    });
    const [extension = ''] = /^\.\w{1,16}$/.exec(extname(place)) ?? [];
    const path = join(folder, `${++this.#files}${extension}`);
    // One that cannot be removed goes with the folder, or is gone with it.
    return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }).catch(() => {}) };
  }

  /** What keeps this machine from its own folder; from one that was removed, only until the next file gets a new one. */
  #hindered(action: string, cause: unknown): unknown {
    const isRemoved = fileErrorCode(cause) === 'ENOENT' && this.#folder !== undefined;
    if (isRemoved) this.#folder = undefined;
    const error = fileError(action, cause);
    if (!(error instanceof RevelaError) || cause instanceof RevelaError) return error;
    const { message, code } = error;
    if (isRemoved || code === 'ERR_DISK_FULL') return new StorageAway(message, { cause, code });
    return new StorageRefusal(message, { cause, code });
  }
}

/** Says in its name whose it is, so that everybody can tell when it is nobody's. */
const pattern = /^revela-fleet-([0-9a-f]{12})-(\d+)-(\d+)-\w+$/;

/** Makes a folder, and removes those of processes that were killed. */
async function makeScratch(): Promise<string> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, place, pid, started] = pattern.exec(name) ?? [];
    if (place === undefined || started === undefined) continue;
    if (isRunning({ place, pid: Number(pid), started }) === false)
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
  const { place, pid, started } = thisProcess();
  return mkdtemp(join(tmpdir(), `revela-fleet-${place}-${pid}-${started}-`));
}

const mediaTypes: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', jpe: 'image/jpeg', jfif: 'image/jpeg', png: 'image/png' },
  ...{
    webp: 'image/webp',
    tif: 'image/tiff',
    tiff: 'image/tiff',
    avif: 'image/avif',
    json: 'application/json',
  },
};

/** What browsers are told that a file is. */
const mediaType = (place: string): string =>
  mediaTypes[extname(place).slice(1).toLowerCase()] ?? 'application/octet-stream';
