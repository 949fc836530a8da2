import { openAsBlob } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { isRunning, thisProcess } from '../../process-identity.js';
import type { LocalFile, LocalResult } from './storage.js';

/** A folder of this machine for copies of what lies elsewhere, and for results on their way there. It goes when it is closed. */
export class Scratch implements AsyncDisposable {
  #folder: Promise<string> | undefined;
  #files = 0;

  /** A copy of a file, by what comes of it. */
  async copy(place: string, chunks: AsyncIterable<Uint8Array>): Promise<LocalFile> {
    const file = await this.#file(place);
    try {
      await writeFile(file.path, chunks);
      return file;
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error instanceof RevelaError ? error : fileError(`cannot write ${file.path}`, error);
    }
  }

  /** A result that is yet to be written, and how it is sent to its place. */
  async result(place: string, send: (content: Blob) => Promise<void>): Promise<LocalResult> {
    const file = await this.#file(place);
    return {
      ...file,
      keep: async () => send(await openAsBlob(file.path, { type: mediaType(place) })),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #file(place: string): Promise<LocalFile> {
    this.#folder ??= makeScratch();
    const folder = await this.#folder.catch((error: unknown) => {
      this.#folder = undefined;
      throw fileError(`cannot make a folder for copies in ${tmpdir()}`, error);
    });
    const [extension = ''] = /^\.\w{1,16}$/.exec(extname(place)) ?? [];
    const path = join(folder, `${++this.#files}${extension}`);
    return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
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
