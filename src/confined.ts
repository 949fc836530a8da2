import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RevelaError } from './errors.js';
import { fileError } from './file-errors.js';

/** A path that leads out of the folders that may be used. */
export class OutsideError extends RevelaError {}

/** Folders outside of which nothing is read or written, whatever paths and links say. */
export class Confined {
  private constructor(
    /** Their real paths. */
    readonly folders: readonly string[],
  ) {}

  /** @throws RevelaError for a folder that is not there */
  static async to(folders: readonly string[]): Promise<Confined> {
    return new Confined(
      await Promise.all(
        folders.map((folder) =>
          realpath(folder).catch((error: unknown) => {
            throw fileError(`cannot open the folder ${folder}`, error, folder);
          }),
        ),
      ),
    );
  }

  /**
   * The real path of something that is there. Relative paths begin in the first of the folders.
   *
   * @throws RevelaError where it is not; OutsideError where it lies outside
   */
  async existing(path: string): Promise<string> {
    const absolute = this.#absolute(path);
    // What lies outside is not even said to be there.
    const real = await realpath(absolute).catch((error: unknown) => {
      throw this.#holds(absolute) ? fileError(`cannot read ${path}`, error, path) : this.#outside(path);
    });
    if (!this.#holds(real)) throw this.#outside(path);
    return real;
  }

  /**
   * The path of something that is yet to be, in a folder that is there.
   *
   * @throws RevelaError as {@link existing}
   */
  async fresh(path: string): Promise<string> {
    const absolute = this.#absolute(path);
    return join(await this.existing(dirname(absolute)), basename(absolute));
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? resolve(path) : resolve(this.folders[0] ?? '.', path);
  }

  #holds(path: string): boolean {
    return this.folders.some((folder) => {
      const inside = relative(folder, path);
      return inside === '' || !(inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside));
    });
  }

  #outside(path: string): OutsideError {
    return new OutsideError(
      `${path} lies outside of ${this.folders.join(', ')}, and only these may be used`,
      { code: 'ERR_ACCESS', path },
    );
  }
}
