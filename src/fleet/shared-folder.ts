import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Confined } from '../confined.js';
import { RevelaError } from '../errors.js';
import { isInside } from './job.js';

/** The folder that all machines share, wherever each of them has it; jobs name files by their places inside of it. */
export class SharedFolder {
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

  /**
   * The place of something that is there.
   *
   * @throws RevelaError where it is not, or lies outside
   */
  async placeOf(path: string): Promise<string> {
    return this.#place(await this.#confined.existing(resolve(path)), path);
  }

  /** The place of something that may be yet to be, as {@link placeOf}. */
  async futurePlaceOf(path: string): Promise<string> {
    const { base, rest } = await existingPart(resolve(path));
    return this.#place(join(await this.#confined.existing(base), rest), path);
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

  #place(real: string, path: string): string {
    const place = relative(this.root, real).split(sep).join('/');
    if (place === '') return '.';
    if (isInside(place)) return place;
    throw new RevelaError(`${path} has a name that other systems cannot read; rename it`, { path });
  }
}

/** What of a path is there, and what is yet to be. */
async function existingPart(path: string): Promise<{ readonly base: string; readonly rest: string }> {
  for (let base = path; ; base = dirname(base))
    if ((await isThere(base)) || dirname(base) === base) return { base, rest: relative(base, path) };
}

/** Whether something of that name is there: a file, or a folder. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
