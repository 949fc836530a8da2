// The engine, the weights and the decoders, kept by their content: a file that is the same in a new version of the page is not fetched again.

/** Files by their paths from the page's folder, with their SHA-256 in hexadecimal digits; put in when the page is built. */
declare const __LATER__: Readonly<Record<string, string>>;

const cacheName = 'revela files by content';

export type Kept = 'ready' | 'failed' | 'full';

/** The hash of a file that work needs; `undefined` of others. */
export const hashOf = (path: string): string | undefined => __LATER__[path];

const addressOf = (scope: string, hash: string): string => new URL(`by-content/${hash}`, scope).href;

async function sha256(content: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where files are kept by their content, of one page. */
export class KeptFiles {
  /** The address of the page's folder. */
  readonly #scope: string;

  constructor(scope: string) {
    this.#scope = scope;
  }

  async get(hash: string): Promise<Response | undefined> {
    return (await caches.open(cacheName)).match(addressOf(this.#scope, hash));
  }

  /**
   * Keeps what a server has answered, if it is what was asked for: while a new version is put on a server, old and new files lie there side by side.
   * Where there is no room the files of other versions make some.
   */
  async put(hash: string, response: Response): Promise<Kept> {
    try {
      const content = await response.clone().arrayBuffer();
      if (response.status !== 200 || (await sha256(content)) !== hash) return 'failed';
      return await this.#write(hash, response).catch(async (error: unknown) => {
        if (!isFull(error) || !(await this.tidy())) throw error;
        return this.#write(hash, new Response(content, response));
      });
    } catch (error) {
      return isFull(error) ? 'full' : 'failed';
    }
  }

  async #write(hash: string, response: Response): Promise<Kept> {
    await (await caches.open(cacheName)).put(addressOf(this.#scope, hash), response);
    return 'ready';
  }

  /** Which of the files are not kept, with their hashes. */
  async missing(graphics: boolean): Promise<readonly (readonly [path: string, hash: string])[]> {
    const there = new Set((await (await caches.open(cacheName)).keys()).map(({ url }) => url));
    return Object.entries(__LATER__).filter(
      ([path, hash]) => (graphics || !path.includes('asyncify')) && !there.has(addressOf(this.#scope, hash)),
    );
  }

  /** Fetches and keeps all files that are missing, until one cannot be. */
  async keepAll(graphics: boolean): Promise<Kept> {
    for (const [path, hash] of await this.missing(graphics)) {
      const response = await fetch(new URL(path, this.#scope)).catch(() => undefined);
      const kept = response === undefined ? 'failed' : await this.put(hash, response);
      if (kept !== 'ready') return kept;
    }
    return 'ready';
  }

  /** Lets the files of this page go that this version has no use for. Returns whether there were any. */
  async tidy(): Promise<boolean> {
    const wanted = new Set(Object.values(__LATER__).map((hash) => addressOf(this.#scope, hash)));
    const start = addressOf(this.#scope, '');
    const cache = await caches.open(cacheName);
    const old = (await cache.keys()).filter(({ url }) => url.startsWith(start) && !wanted.has(url));
    for (const request of old) await cache.delete(request);
    return old.length > 0;
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'QuotaExceededError';
