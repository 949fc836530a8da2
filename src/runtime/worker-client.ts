import { RevelaError } from '../errors.js';
import { shareLarge } from '../in-thread.js';
import type { Answer, Cancel, Command, Reply } from './protocol.js';
import type { OpenLine, WorkerLine } from './worker-line.js';
import { isOutOfMemory } from './ort-message.js';

interface Call {
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
  readonly signal: AbortSignal | undefined;
  readonly cancel: () => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Buffers to hand over instead of copying. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** How deep in a command weights lie: source, program, tensors, tensor, attributes, data. */
const DEEPEST = 6;

/** The caller's end of the line to a session worker. */
export class WorkerClient {
  readonly #open: OpenLine;
  #line: WorkerLine;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #dead: RevelaError | undefined;

  constructor(open: OpenLine) {
    this.#open = open;
    this.#line = this.#begin();
    this.#line.wanted(false);
  }

  /** Starts a thread; the end of one that has given way is none. */
  #begin(): WorkerLine {
    const line = this.#open({
      reply: (reply) => this.#receive(reply),
      lost: (reason) => {
        if (line === this.#line) this.#die(reason);
      },
    });
    return line;
  }

  /**
   * Lets another thread take the place of this one, which frees all that it holds, unless something is asked of it.
   *
   * @param opening its first command
   */
  async renew(opening: Command): Promise<void> {
    if (this.#calls.size > 0 || this.#dead !== undefined) return;
    const old = this.#line;
    // What it has released may not be gone yet; see `close` of the runtime.
    const closed = this.#call({ kind: 'close' }, {}).catch(() => undefined);
    this.#line = this.#begin();
    this.#call(opening, {}).catch(() => undefined);
    await closed;
    await old.terminate();
  }

  /** Sends a command at once; its answer comes when the worker gets to it. */
  call(command: Command, options: CallOptions = {}): Promise<Answer> {
    return this.#call(command, options);
  }

  /** Sends a command with numbers that stay, such as a program's weights, when the large ones lie in memory that threads share. */
  async callWithMuch(command: Command): Promise<Answer> {
    const light = await shareLarge(command, new Set(), DEEPEST);
    return this.#call(typeof light === 'object' && light !== null ? light : command, {});
  }

  #call(command: object, { signal, transfer = [] }: CallOptions): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead);
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const cancel = () => this.#line.post({ kind: 'cancel', id } satisfies Cancel, []);
      this.#line.post({ id, ...command }, transfer);
      signal?.addEventListener('abort', cancel, { once: true });
      if (this.#calls.size === 0) this.#line.wanted(true);
      this.#calls.set(id, { resolve, reject, signal, cancel });
    });
  }

  /**
   * Ends the thread. Calls that are still open are rejected.
   *
   * @param empty whether it holds nothing: then another may go on with it
   */
  async terminate(empty = false): Promise<void> {
    const left = empty && this.#calls.size === 0 && this.#dead === undefined;
    this.#dead ??= new RevelaError('the runtime is closed; create another to go on');
    // Otherwise the process could end while its caller still waits for this.
    this.#line.wanted(true);
    await (left ? this.#line.leave() : this.#line.terminate());
    this.#rejectAll(this.#dead);
  }

  #receive(reply: Reply): void {
    const call = this.#forget(reply.id);
    if (call === undefined) return;
    if (reply.outcome === 'failed') call.reject(failureOf(reply.message));
    else if (reply.outcome === 'cancelled' || call.signal?.aborted) call.reject(call.signal?.reason);
    else call.resolve(reply.answer);
  }

  #forget(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.signal?.removeEventListener('abort', call.cancel);
    if (this.#calls.size === 0 && this.#dead === undefined) this.#line.wanted(false);
    return call;
  }

  #die(reason: string): void {
    this.#dead ??= new RevelaError(
      `the thread that computes ended unexpectedly (${reason.replaceAll(/\s+/g, ' ')}); if memory ran out, use a smaller picture, patch or batch`,
    );
    this.#rejectAll(this.#dead);
  }

  #rejectAll(reason: RevelaError): void {
    for (const [id] of [...this.#calls]) this.#forget(id)?.reject(reason);
  }
}

function failureOf(message: string): RevelaError {
  return new RevelaError(message, isOutOfMemory(message) ? { code: 'ERR_MEMORY' } : {});
}
