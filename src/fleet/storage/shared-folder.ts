import { constants } from 'node:fs';
import { access, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  type OutputPair,
  type PictureFormat,
  type PictureSearch,
  planOutputs,
  type SearchOptions,
  searchPictures,
} from '../../api/index.js';
import { Confined, OutsideError } from '../../confined.js';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { present } from '../../present.js';
import { writeBeside } from '../../write-beside.js';
import { isInside } from '../job.js';
import type { LocalFile, LocalResult, SubmitStorage } from './storage.js';

/** The folder that all machines share, wherever each of them has it; jobs name files by their places inside of it. */
export class SharedFolder implements SubmitStorage {
  readonly #confined: Confined;

  private constructor(
    confined: Confined,
    /** As it was named. */
    readonly path: string,
  ) {
    this.#confined = confined;
  }

  /** @throws RevelaError for a folder that is not there */
  static async at(path: string): Promise<SharedFolder> {
    return new SharedFolder(await Confined.to([path]), path);
  }

  /** Its real path. */
  get root(): string {
    return this.#confined.folders[0] ?? resolve(this.path);
  }

  nameOf(place: string): string {
    return join(this.root, place);
  }

  async read(place: string): Promise<string | undefined> {
    const path = await this.future(place);
    return readFile(path, 'utf8').catch((error: unknown) => {
      if (isNothingThere(error)) return undefined;
      throw fileError(`cannot read ${path}`, error);
    });
  }

  async fetch(place: string): Promise<LocalFile> {
    return { path: await this.existing(place), [Symbol.asyncDispose]: nothing };
  }

  async result(place: string): Promise<LocalResult> {
    // Whoever writes it writes it beside and renames it.
    return { path: await this.future(place), keep: nothing, [Symbol.asyncDispose]: nothing };
  }

  async checkWritable(folder: string): Promise<void> {
    const path = await this.existing(folder);
    await access(path, constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw fileError(`cannot write into ${path}`, error);
    });
  }

  async placeOf(path: string): Promise<string> {
    return this.#place(await this.#inside(path, resolve(path)), path);
  }

  async futurePlaceOf(path: string): Promise<string> {
    const { base, rest } = await existingPart(resolve(path));
    return this.#place(join(await this.#inside(path, base), rest), path);
  }

  inside(folder: string, place: string): string {
    return join(folder, place);
  }

  textOf(path: string): Promise<string> {
    return readFile(path, 'utf8').catch((error: unknown) => {
      throw fileError(`cannot read ${path}`, error);
    });
  }

  search(paths: readonly string[], options: SearchOptions): Promise<PictureSearch> {
    return searchPictures(paths, options);
  }

  outputsOf(
    search: PictureSearch,
    folder: string,
    format: PictureFormat | undefined,
  ): Promise<readonly OutputPair[]> {
    return planOutputs(search, `${folder}/`, { suffix: '', ...present({ format }) });
  }

  async resultsIn(): Promise<(path: string) => Promise<boolean>> {
    return isThere;
  }

  async put(place: string, content: Blob): Promise<void> {
    const path = await this.future(place);
    try {
      await makeFolder(dirname(path));
      await writeBeside(path, content.stream());
    } catch (error) {
      throw fileError(`cannot write ${path}`, error);
    }
  }

  async remove(place: string): Promise<void> {
    const path = await this.future(place);
    await rm(path, { force: true }).catch((error: unknown) => {
      throw fileError(`cannot remove ${path}`, error);
    });
  }

  async putOnce(place: string, text: string): Promise<string> {
    const before = await this.read(place);
    if (before !== undefined) return before;
    const path = await this.future(place);
    try {
      await makeFolder(dirname(path));
      await writeBeside(path, [Buffer.from(text)], { replace: false });
      return text;
    } catch (error) {
      const there = error instanceof RevelaError && error.code === 'ERR_FILE_EXISTS';
      if (there) return this.textOf(path);
      throw fileError(`cannot write ${path}`, error);
    }
  }

  async filesIn(folder: string): Promise<readonly string[]> {
    const path = await this.future(folder);
    return readdir(path).catch((error: unknown) => {
      throw fileError(`cannot read ${path}`, error);
    });
  }

  /**
   * The path of something that is there, by its place.
   *
   * @throws RevelaError where it is not, or a link leads outside
   */
  existing(place: string): Promise<string> {
    return this.#confined.existing(join(this.root, place));
  }

  /** The path of something that may be yet to be, as {@link existing}. */
  async future(place: string): Promise<string> {
    const { base, rest } = await existingPart(join(this.root, place));
    return join(await this.#confined.existing(base), rest);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return nothing();
  }

  /** The real path of what people name, as it is, or the part of it that is there. */
  #inside(name: string, path: string): Promise<string> {
    return this.#confined.existing(path).catch((error: unknown) => {
      if (!(error instanceof OutsideError)) throw error;
      throw new OutsideError(
        `${name} lies outside of ${this.root}, which is taken for the folder that all machines share: name the one that holds it by \`shared\``,
        { code: 'ERR_ACCESS', path: name },
      );
    });
  }

  #place(real: string, path: string): string {
    const place = relative(this.root, real).split(sep).join('/');
    if (place === '') return '.';
    if (isInside(place)) return place;
    throw new RevelaError(`${path} has a name that other systems cannot read; rename it`, { path });
  }
}

const nothing = async (): Promise<void> => {};

const isNothingThere = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error) ?? '');

/** What of a path is there, and what is yet to be. */
async function existingPart(path: string): Promise<{ readonly base: string; readonly rest: string }> {
  for (let base = path; ; base = dirname(base))
    if ((await isThere(base)) || dirname(base) === base) return { base, rest: relative(base, path) };
}

/** Whether something of that name is there: a file, or a folder. */
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
