import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../make-folder.js';
import { unlessStopped } from '../unless-stopped.js';
import { Refusal } from './problem.js';

/** A file of the service. */
export interface Spooled {
  readonly path: string;
  readonly bytes: number;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Where pictures wait and results are kept: files of a folder of its own, so that memory holds what is worked on alone. */
export class Spool {
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  private constructor(
    readonly folder: string,
    /** Most bytes that are kept. */
    readonly most: number,
    /** Whether nobody else uses the folder. */
    readonly isOwn: boolean,
  ) {}

  /** @param parent where the folder is made; default: where the system keeps temporary files */
  static async open(most: number, parent = tmpdir()): Promise<Spool> {
    try {
      return new Spool(await mkdtemp(join(parent, 'revela-serve-')), most, true);
    } catch (error) {
      throw fileError(`cannot make a folder in ${parent}`, error);
    }
  }

  /**
   * A folder that services and workers share, and that outlives them.
   *
   * @throws RevelaError where it cannot be made
   */
  static async shared(most: number, folder: string): Promise<Spool> {
    try {
      await makeFolder(folder);
      return new Spool(folder, most, false);
    } catch (error) {
      throw fileError(`cannot make the folder ${folder}`, error, folder);
    }
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The path of a new file. */
  newPath(): string {
    return this.pathOf(randomUUID());
  }

  /** The path of a file by its name, which it has on any machine. */
  pathOf(name: string): string {
    return join(this.folder, name);
  }

  nameOf(path: string): string {
    return basename(path);
  }

  /** The names of a job's files, by which machines tell jobs apart that had the same id one after the other. */
  namesOf(paths: readonly string[]): string {
    return paths.map((path) => this.nameOf(path)).join();
  }

  /**
   * Takes in a request's body, as it comes.
   *
   * @param most bytes, of which more are refused as soon as they come
   * @param signal stops waiting for it
   * @throws Refusal for a body that is too large, empty, cut off or too slow; nothing of it is kept
   */
  async receive(
    body: ReadableStream<Uint8Array> | null,
    most: number,
    signal: AbortSignal,
  ): Promise<Spooled> {
    if (body === null) throw noBody();
    const path = this.newPath();
    const file = await open(path, 'wx');
    this.#sizes.set(path, 0);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of partsOf(body, signal)) {
        bytes += chunk.length;
        // Who is answered while it still sends may not hear the answer: a little more is let pass by.
        if (bytes > 2 * most) break;
        if (bytes > most) continue;
        this.#grow(path, chunk.length);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      if (bytes > most) throw tooLarge(most);
      if (bytes === 0) throw noBody();
      return { path, bytes, sha256: hash.digest('hex') };
    } catch (error) {
      await this.remove(path);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Reads a body as a form; `undefined` where it is none. */
  async form({ path }: Spooled, type: string): Promise<FormData | undefined> {
    const bytes = await readFile(path);
    return new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch(() => undefined);
  }

  /** Keeps a file that is written to a path of {@link newPath}; of one that fails, or is too much, nothing is kept. */
  async made<Told>(
    path: string,
    write: () => Promise<Told>,
  ): Promise<{ readonly lost: Told; readonly bytes: number }> {
    try {
      const lost = await write();
      const { size } = await stat(path);
      this.#grow(path, size);
      return { lost, bytes: size };
    } catch (error) {
      await this.remove(path);
      throw error;
    }
  }

  /** Removes files; those that are not there are none. */
  async remove(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      this.#bytes -= this.#sizes.get(path) ?? 0;
      this.#sizes.delete(path);
      await rm(path, { force: true });
    }
  }

  /** Leaves a file to somebody else. */
  handOver(path: string): void {
    this.#bytes -= this.#sizes.get(path) ?? 0;
    this.#sizes.delete(path);
  }

  /** Counts a file that somebody else made, and that is this service's from now on. */
  adopt(path: string, bytes: number): void {
    this.handOver(path);
    this.#bytes += bytes;
    this.#sizes.set(path, bytes);
  }

  /**
   * Removes files that are nobody's: those that services left that were killed.
   *
   * @param wanted names of files that stay
   * @param seconds age from which on a file may be nobody's
   */
  async sweep(wanted: ReadonlySet<string>, seconds: number): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = this.pathOf(name);
      if (!/^[0-9a-f-]{36}$/.test(name) || wanted.has(name) || this.#sizes.has(path)) continue;
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > seconds * 1000) await rm(path, { force: true });
    }
  }

  /** Removes the folder with all that is in it, unless others use it. */
  async close(): Promise<void> {
    if (!this.isOwn) return;
    await rm(this.folder, { recursive: true, force: true });
  }

  #grow(path: string, by: number): void {
    if (this.#bytes + by > this.most)
      throw new Refusal(
        429,
        'ERR_BUSY',
        'the service keeps as many bytes as it may; fetch or delete results, or try later',
        {
          'Retry-After': '30',
        },
      );
    this.#bytes += by;
    this.#sizes.set(path, (this.#sizes.get(path) ?? 0) + by);
  }
}

/** The parts of a body as they come; it is left as it is when nobody wants more, so that there can be an answer. */
async function* partsOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await unlessStopped([reader.read()], signal).catch((error: unknown) => {
        throw signal.aborted ? error : cutOff();
      });
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

const noBody = (): Refusal =>
  new Refusal(400, 'ERR_NO_BODY', 'the request has no body; send the bytes of a picture');

const cutOff = (): Refusal => new Refusal(400, 'ERR_CUT_OFF', 'the request was cut off');

/** @param most bytes */
export const tooLarge = (most: number): Refusal =>
  new Refusal(
    413,
    'ERR_TOO_LARGE',
    `the request has more than ${most} bytes, which is the most that is taken`,
    {
      Connection: 'close',
    },
  );
