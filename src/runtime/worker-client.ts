import { shareLarge } from '../in-thread.js';
import { CalledWorker, type CallOptions } from './called-worker.js';
import type { Answer, Command } from './protocol.js';
import type { OpenLine } from './worker-line.js';

/** How deep in a command weights lie: source, program, tensors, tensor, attributes, data. */
const DEEPEST = 6;

/** Milliseconds after which a worker that was begun to take another's place, and is not ready, is given up. */
const PATIENCE = 5000;

/** Whether something comes to a good end in time. */
function isDone(work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE, false);
    void work
      .then(
        () => true,
        () => false,
      )
      .then((done) => {
        clearTimeout(timer);
        resolve(done);
      });
  });
}

/** The caller's end of the line to a session worker. */
export class WorkerClient {
  readonly #open: OpenLine;
  #worker: CalledWorker;
  /** How much was asked so far. */
  #asked = 0;

  constructor(open: OpenLine) {
    this.#open = open;
    this.#worker = new CalledWorker(open);
  }

  /**
   * Lets another worker take the place of this one, which frees all that it holds: once that one is ready, and unless something is asked of this
   * one meanwhile. Otherwise all stays as it is: where a network, or memory, is away the files of another worker may not be had.
   *
   * @param opening the first commands of the other one; it is ready when they are done
   */
  async renew(opening: readonly Command[]): Promise<void> {
    const [old, asked] = [this.#worker, this.#asked];
    if (old.busy || old.dead) return;
    const other = new CalledWorker(this.#open);
    const ready = await isDone(Promise.all(opening.map((command) => other.call(command))));
    if (!ready || old.dead || this.#asked !== asked) return other.terminate();
    this.#worker = other;
    // What it has released may not be gone yet; see `close` of the runtime.
    await old.call({ kind: 'close' }).catch(() => undefined);
    await old.terminate();
  }

  /** Sends a command at once; its answer comes when the worker gets to it. */
  call(command: Command, options?: CallOptions): Promise<Answer> {
    return this.#call(command, options);
  }

  /** Sends a command with numbers that stay, such as a program's weights, when the large ones lie in memory that threads share. */
  async callWithMuch(command: Command): Promise<Answer> {
    const light = await shareLarge(command, new Set(), DEEPEST);
    return this.#call(typeof light === 'object' && light !== null ? light : command);
  }

  #call(command: object, options?: CallOptions): Promise<Answer> {
    this.#asked += 1;
    return this.#worker.call(command, options);
  }

  /** Ends the thread, or lets it go; see {@link CalledWorker.terminate}. */
  terminate(empty = false): Promise<void> {
    return this.#worker.terminate(empty);
  }
}
