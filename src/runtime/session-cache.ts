import type { InferenceSession } from 'onnxruntime-node';

interface Entry {
  readonly model: number;
  readonly session: InferenceSession;
}

/** A bounded set of sessions; the least recently used makes room for a new one. */
export class SessionCache {
  readonly #limit: number;
  /** In order of use: a Map remembers insertion, and a used entry is inserted anew. */
  readonly #entries = new Map<string, Entry>();

  readonly #beforeRelease: (session: InferenceSession) => Promise<void>;

  /** @param beforeRelease rescues what would go down with a session. */
  constructor(limit: number, beforeRelease: (session: InferenceSession) => Promise<void> = async () => {}) {
    this.#limit = limit;
    this.#beforeRelease = beforeRelease;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The session of `model` in the given variant, made by `create` unless it is still there. */
  async get(
    model: number,
    variant: string,
    create: () => Promise<InferenceSession>,
  ): Promise<InferenceSession> {
    const key = `${model} ${variant}`;
    let entry = this.#entries.get(key);
    this.#entries.delete(key);
    if (entry === undefined) {
      // Room is made first, so that at most `limit` sessions hold memory at any time.
      while (this.#entries.size >= this.#limit) await this.#releaseOldest();
      entry = { model, session: await create() };
    }
    this.#entries.set(key, entry);
    return entry.session;
  }

  /** Releases the sessions of a model. */
  async release(model: number): Promise<void> {
    for (const [key, entry] of [...this.#entries]) if (entry.model === model) await this.#release(key, entry);
  }

  async releaseAll(): Promise<void> {
    for (const [key, entry] of [...this.#entries]) await this.#release(key, entry);
  }

  async #releaseOldest(): Promise<void> {
    for (const [key, entry] of this.#entries) return this.#release(key, entry);
  }

  async #release(key: string, { session }: Entry): Promise<void> {
    this.#entries.delete(key);
    await this.#beforeRelease(session);
    await session.release();
  }
}
