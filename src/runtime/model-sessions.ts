import type { InferenceSession } from 'onnxruntime-common';
import type { ModelPorts, Optimization } from './protocol.js';

/** What the sessions of a model are made with. */
export interface SessionMaker {
  create(
    bytes: Uint8Array,
    optimization: Optimization,
    staying: readonly string[],
    outputs: readonly string[],
  ): Promise<InferenceSession>;
  /** Where outputs shall lie is settled when a session is made: there are several for a model, and its bytes stay. */
  readonly separate: boolean;
}

/**
 * The sessions of one model. On a processor there is one, and once it is made the model's bytes are gone; on a graphics card there is
 * one per set of outputs that stay there.
 */
export class ModelSessions {
  readonly ports: ModelPorts;
  readonly #maker: SessionMaker;
  readonly #optimization: Optimization;
  readonly #sessions = new Map<string, InferenceSession>();
  #bytes: Uint8Array | undefined;

  constructor(maker: SessionMaker, bytes: Uint8Array, ports: ModelPorts, optimization: Optimization) {
    this.#maker = maker;
    this.#bytes = bytes;
    this.ports = ports;
    this.#optimization = optimization;
  }

  get names(): readonly string[] {
    return this.ports.outputs.map(({ name }) => name);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session that leaves all outputs but these on the device. */
  async fetching(fetch: readonly string[]): Promise<InferenceSession> {
    const { create, separate } = this.#maker;
    const staying = separate ? this.names.filter((name) => !fetch.includes(name)) : [];
    const key = staying.join('\n');
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    if (this.#bytes === undefined) throw new Error('the bytes of this model are gone');
    const session = await create(this.#bytes, this.#optimization, staying, this.names);
    if (!separate) this.#bytes = undefined;
    this.#sessions.set(key, session);
    return session;
  }

  /** @param before rescues what would go down with a session. */
  async release(before: (session: InferenceSession) => Promise<void>): Promise<void> {
    for (const session of this.#sessions.values()) {
      await before(session);
      await session.release();
    }
    this.#sessions.clear();
  }
}
