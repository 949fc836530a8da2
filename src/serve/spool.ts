import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from '../file-errors.js';
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
  ) {}

  /** @param parent where the folder is made; default: where the system keeps temporary files */
  static async open(most: number, parent = tmpdir()): Promise<Spool> {
    try {
      return new Spool(await mkdtemp(join(parent, 'revela-serve-')), most);
    } catch (error) {
      throw fileError(`cannot make a folder in ${parent}`, error);
    }
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The path of a new file. */
  newPath(extension = ''): string {
    return join(this.folder, `${randomUUID()}${extension}`);
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
    const hash = createHash('sha256');
    const file = await open(path, 'wx');
    let bytes = 0;
    this.#sizes.set(path, 0);
    try {
      const sink = new WritableStream<Uint8Array>({
        write: async (chunk) => {
          bytes += chunk.length;
          if (bytes > most) throw tooLarge(most);
          this.#grow(path, chunk.length);
          hash.update(chunk);
          await file.writeFile(chunk);
        },
      });
      await body.pipeTo(sink, { signal });
      if (bytes === 0) throw noBody();
      return { path, bytes, sha256: hash.digest('hex') };
    } catch (error) {
      await this.remove(path);
      throw signal.aborted ? signal.reason : error instanceof Refusal ? error : cutOff();
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

  /** Removes the folder with all that is in it. */
  async close(): Promise<void> {
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
