/** Where all that this library keeps lies, in the browser's own storage of the page's origin (OPFS). */
const ROOT = 'revela';

/** The folder of where learnings stand. */
export const LEARNINGS = 'learning';

/** Why nothing is kept: there is no room, or the browser gives the page no storage. */
export type Unkept = 'full' | 'refused';

/** Why something could not be written. */
export const whyUnkept = (error: unknown): Unkept =>
  error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'refused';

/** A folder of the browser's own storage. What is in it may be gone at any time: browsers clear it when they need room. */
export class StoredFolder {
  readonly #handle: FileSystemDirectoryHandle;

  private constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  /**
   * Opens a folder, and makes it where it is missing.
   *
   * @throws whatever the browser refuses storage with
   */
  static async open(name: string): Promise<StoredFolder> {
    const top = await navigator.storage.getDirectory();
    const root = await top.getDirectoryHandle(ROOT, { create: true });
    return new StoredFolder(await root.getDirectoryHandle(name, { create: true }));
  }

  /** The content of a file; `undefined` where it is not there or cannot be read. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const file = await (await this.#handle.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /**
   * Writes a file whole: until then what was there before stays.
   *
   * @throws DOMException `QuotaExceededError` where there is no room
   */
  async write(name: string, content: Blob | Uint8Array<ArrayBuffer>): Promise<void> {
    const there = await this.#has(name);
    const handle = await this.#handle.getFileHandle(name, { create: true });
    try {
      const stream = await handle.createWritable();
      try {
        await stream.write(content);
        await stream.close();
      } catch (error) {
        await stream.abort().catch(() => undefined);
        throw error;
      }
    } catch (error) {
      if (!there) await this.remove(name);
      throw error;
    }
  }

  async #has(name: string): Promise<boolean> {
    return this.#handle.getFileHandle(name).then(
      () => true,
      () => false,
    );
  }

  /** Lets a file go, where it is there. */
  async remove(name: string): Promise<void> {
    await this.#handle.removeEntry(name).catch(() => undefined);
  }

  /** Lets the files of a folder go, but for some. */
  static async clear(name: string, but: readonly string[] = []): Promise<void> {
    const folder = await StoredFolder.open(name).catch(() => undefined);
    const names = (await folder?.names().catch(() => [])) ?? [];
    for (const one of names) if (!but.includes(one)) await folder?.remove(one);
  }

  /** The names of its files, the newest first. */
  async names(): Promise<readonly string[]> {
    const found: { name: string; time: number }[] = [];
    for await (const [name, handle] of this.#handle.entries())
      if (isFile(handle)) found.push({ name, time: (await handle.getFile()).lastModified });
    return found.toSorted((a, b) => b.time - a.time).map(({ name }) => name);
  }
}

const isFile = (handle: FileSystemHandle): handle is FileSystemFileHandle => handle.kind === 'file';
