import type { Program, TensorValue } from '../tensor/index.js';
import type { DeviceTensor } from './device-tensor.js';
import { programBytes } from './program-bytes.js';
import type { Executable, LoadOptions, ProgramShelf, RunOptions, RunResult } from './runtime.js';

/** A program that is ready, or about to be. */
interface Entry {
  readonly shelf: object;
  readonly bytes: number;
  readonly executable: Promise<Executable>;
  /** Runs that were asked for and are not over: it stays as long as there are any. */
  runs: number;
}

/**
 * The programs of a runtime that can be made again. Together they may take so many bytes; where another is needed, those that
 * were used longest ago go first, and before it is made. One that is larger than all of that stands alone.
 */
export class ProgramCache {
  readonly #most: number;
  readonly #load: (program: Program, options: LoadOptions) => Promise<Executable>;
  /** In order of use: what is used stands last. */
  readonly #entries = new Map<string, Entry>();
  #shelves = 0;

  constructor(most: number, load: (program: Program, options: LoadOptions) => Promise<Executable>) {
    this.#most = most;
    this.#load = load;
  }

  /** How many programs are ready, and about how much memory they take. */
  get size(): { readonly programs: number; readonly bytes: number } {
    return { programs: this.#entries.size, bytes: this.#bytes() };
  }

  /** A shelf of one owner's programs: keys of two owners do not meet. */
  shelf(options: LoadOptions): ProgramShelf {
    const shelf = {};
    const prefix = `${++this.#shelves} `;
    const close = async (): Promise<void> => {
      for (const [key, entry] of [...this.#entries])
        if (entry.shelf === shelf) await this.#release(key, entry).catch(() => undefined);
    };
    return {
      run: (key, write, feeds, run) => this.#run(shelf, prefix + key, write, options, feeds, run),
      trim: () => this.#makeRoom(0),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  async #run(
    shelf: object,
    key: string,
    write: () => Program,
    options: LoadOptions,
    feeds: Readonly<Record<string, TensorValue | DeviceTensor>>,
    run: RunOptions = {},
  ): Promise<RunResult> {
    const entry = this.#entries.get(key) ?? this.#made(shelf, write(), options);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.runs += 1;
    try {
      return await (await entry.executable).run(feeds, run);
    } catch (error) {
      // A program that could not be loaded is not kept.
      await entry.executable.catch(() => this.#entries.delete(key));
      throw error;
    } finally {
      entry.runs -= 1;
    }
  }

  #made(shelf: object, program: Program, options: LoadOptions): Entry {
    const bytes = programBytes(program);
    const room = this.#makeRoom(bytes);
    const executable = room.then(() => this.#load(program, options));
    return { shelf, bytes, executable, runs: 0 };
  }

  /** Lets all programs go that are not in use. */
  async clear(): Promise<void> {
    const idle = [...this.#entries].filter(([, { runs }]) => runs === 0);
    await Promise.all(idle.map(([key, entry]) => this.#release(key, entry)));
  }

  /** Lets programs go until another of so many bytes fits, or until only such are left that are in use. */
  async #makeRoom(bytes: number): Promise<void> {
    const released: Promise<void>[] = [];
    for (const [key, entry] of this.#entries) {
      if (this.#bytes() + bytes <= this.#most) break;
      if (entry.runs === 0) released.push(this.#release(key, entry));
    }
    await Promise.all(released);
  }

  #bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#entries.values()) sum += bytes;
    return sum;
  }

  async #release(key: string, { executable }: Entry): Promise<void> {
    this.#entries.delete(key);
    await (await executable).release();
  }
}
