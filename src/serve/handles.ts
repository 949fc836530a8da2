/** Something open, and how many use it. */
interface Entry<Handle> {
  readonly handle: Promise<Handle>;
  users: number;
}

/**
 * Handles of one kind that stay open for the next request with the same options. Of those that nobody uses, no more stay than
 * are wanted; the one that was not used for the longest time is closed first.
 */
export class Handles<Handle extends AsyncDisposable> {
  readonly #entries = new Map<string, Entry<Handle>>();

  /** @param most that are kept while nobody uses them */
  constructor(readonly most = 2) {}

  /** Opens one, or takes one that is open under the same key, and works with it. */
  async use<Result>(
    key: string,
    open: () => Promise<Handle>,
    work: (handle: Handle) => Promise<Result>,
  ): Promise<Result> {
    const entry = this.#entries.get(key) ?? { handle: open(), users: 0 };
    // The last in the order of a map was used last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      return await work(await entry.handle);
    } finally {
      entry.users -= 1;
      const failed = await entry.handle.then(
        () => false,
        () => true,
      );
      if (failed && this.#entries.get(key) === entry) this.#entries.delete(key);
      await this.#closeIdle(this.most);
    }
  }

  /** Closes all that nobody uses. */
  async close(): Promise<void> {
    await this.#closeIdle(0);
  }

  async #closeIdle(kept: number): Promise<void> {
    const idle = [...this.#entries].filter(([, { users }]) => users === 0);
    for (const [key, { handle }] of idle.slice(0, Math.max(0, this.#entries.size - kept))) {
      this.#entries.delete(key);
      const opened = await handle.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    }
  }
}
