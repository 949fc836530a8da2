import { RevelaError } from '../errors.js';
import type { Answer, Cancel, Reply } from './protocol.js';
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

/** One worker that owns sessions, and what is asked of it: as it ends, all that is open is rejected. */
export class CalledWorker {
  readonly #line: WorkerLine;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #dead: RevelaError | undefined;

  constructor(open: OpenLine) {
    this.#line = open({
      reply: (reply) => this.#receive(reply),
      lost: (reason) => this.#die(reason),
    });
    this.#line.wanted(false);
  }

  /** Whether it answers nothing more. */
  get dead(): boolean {
    return this.#dead !== undefined;
  }

  /** Whether something is asked of it that it has not answered. */
  get busy(): boolean {
    return this.#calls.size > 0;
  }

  /** Sends a command at once; its answer comes when the worker gets to it. */
  call(command: object, { signal, transfer = [] }: CallOptions = {}): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead);
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const cancel = () => this.#line.post({ kind: 'cancel', id } satisfies Cancel, []);
      if (this.#calls.size === 0) this.#line.wanted(true);
      this.#calls.set(id, { resolve, reject, signal, cancel });
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        this.#line.post({ id, ...command }, transfer);
      } catch (error) {
        this.#forget(id)?.reject(error);
      }
    });
  }

  /**
   * Ends the worker. Calls that are still open are rejected.
   *
   * @param empty whether it holds nothing: then another may go on with it
   */
  async terminate(empty = false): Promise<void> {
    const left = empty && !this.busy && !this.dead;
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
