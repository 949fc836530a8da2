import { RevelaError } from '../errors.js';
import { receivedError } from '../sent-error.js';
import type { ChangedEngine, Command, Interruption, Reply, VerbName, Verbs } from './protocol.js';

/** Who asks for something: hears of it, and may end it. */
export interface Asker<Told> {
  readonly onTold?: (told: Told) => void;
  readonly signal?: AbortSignal | undefined;
  /** Ends it early, with what is there. */
  readonly finish?: AbortSignal | undefined;
  /** The worker hears of it even if it was given up before: what is kept of it has to go. */
  readonly keeps?: boolean | undefined;
}

/** The page's end of the line to the worker that works on pictures. Each command has a channel of its own. */
export class PageLine {
  readonly #worker = new Worker(new URL('./pictures-worker.js', import.meta.url), {
    type: 'module',
    name: 'revela pictures',
  });
  /** Who waits for an answer that will not come if the worker ends. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  #dead: RevelaError | undefined;
  /** Told when something else computes. */
  onEngine: (change: ChangedEngine) => void = () => {};

  constructor() {
    this.#worker.addEventListener('error', ({ message }) =>
      this.end(`the worker ended unexpectedly (${message || 'its program could not be loaded'})`),
    );
  }

  /** Whether the worker has ended. */
  get dead(): boolean {
    return this.#dead !== undefined;
  }

  /**
   * Asks for something.
   *
   * @param transfer buffers that are handed over instead of copied
   * @throws what the worker's side throws, with its code and option; the signal's reason
   */
  ask<Name extends VerbName>(
    verb: Name,
    asked: Verbs[Name]['asked'],
    { onTold, signal, finish, keeps = false }: Asker<Verbs[Name]['told']> = {},
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Verbs[Name]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead);
      if (signal?.aborted && !keeps) return reject(signal.reason);
      const { port1: here, port2: port } = new MessageChannel();
      const say = (interruption: Interruption) => () => here.postMessage(interruption);
      const [cancel, end] = [say('cancel'), say('finish')];
      const close = (): void => {
        this.#waiting.delete(fail);
        signal?.removeEventListener('abort', cancel);
        finish?.removeEventListener('abort', end);
        here.close();
      };
      const fail = (reason: unknown): void => {
        close();
        reject(reason);
      };
      here.onmessage = ({ data: reply }: MessageEvent<Reply<Name>>) => {
        if (reply.outcome === 'told') return onTold?.(reply.told);
        if (reply.outcome === 'engine') return this.onEngine(reply.change);
        if (reply.outcome === 'stopped') return fail(signal?.reason);
        if (reply.outcome === 'failed') return fail(receivedError(reply.error));
        close();
        resolve(reply.answer);
      };
      this.#waiting.add(fail);
      signal?.addEventListener('abort', cancel);
      finish?.addEventListener('abort', end);
      try {
        this.#worker.postMessage({ verb, asked, port } satisfies Posted<Name>, [port, ...transfer]);
        if (signal?.aborted) cancel();
        if (finish?.aborted) end();
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Ends the worker; what is unfinished is rejected. */
  end(reason: string): void {
    this.#worker.terminate();
    const dead = this.#dead ?? new RevelaError(reason, { code: 'ERR_DEVICE' });
    this.#dead = dead;
    for (const fail of [...this.#waiting]) fail(dead);
  }
}

/** A {@link Command}, of one verb. */
type Posted<Name extends VerbName> = Pick<Command, 'port'> & {
  readonly verb: Name;
  readonly asked: Verbs[Name]['asked'];
};
