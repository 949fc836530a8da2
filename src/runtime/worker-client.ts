import { Worker } from 'node:worker_threads';
import { RevelaError } from '../errors.js';
import type { Answer, Cancel, Command, Reply, Request } from './protocol.js';

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

/** The caller's end of the line to a session worker. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #dead: RevelaError | undefined;

  constructor() {
    // Native libraries write to the process's streams by themselves; the worker itself prints nothing.
    this.#worker = new Worker(new URL('./session-worker.js', import.meta.url), {
      name: 'revela sessions',
      // A worker refuses those of the parent's flags that only make sense for a main script.
      execArgv: [],
    });
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#receive(reply));
    this.#worker.on('error', (error: Error) => this.#die(error.message));
    this.#worker.on('exit', (code) => this.#die(`exit code ${code}`));
  }

  /** Sends a command at once; its answer comes when the worker gets to it. */
  call(command: Command, { signal, transfer = [] }: CallOptions = {}) {
    return new Promise<Answer>((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead);
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const cancel = () => this.#post({ kind: 'cancel', id }, []);
      this.#post({ id, ...command }, transfer);
      signal?.addEventListener('abort', cancel, { once: true });
      // An idle worker must not keep the process alive; a busy one must.
      if (this.#calls.size === 0) this.#worker.ref();
      this.#calls.set(id, { resolve, reject, signal, cancel });
    });
  }

  /** Ends the thread. Calls that are still open are rejected. */
  async terminate(): Promise<void> {
    this.#dead ??= new RevelaError('the runtime is closed; create another to go on');
    // Otherwise the process could end while its caller still waits for this.
    this.#worker.ref();
    await this.#worker.terminate();
  }

  #post(message: Request | Cancel, transfer: readonly ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(reply: Reply): void {
    const call = this.#forget(reply.id);
    if (call === undefined) return;
    if (reply.outcome === 'failed') call.reject(new RevelaError(reply.message));
    else if (reply.outcome === 'cancelled' || call.signal?.aborted) call.reject(call.signal?.reason);
    else call.resolve(reply.answer);
  }

  #forget(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.signal?.removeEventListener('abort', call.cancel);
    if (this.#calls.size === 0 && this.#dead === undefined) this.#worker.unref();
    return call;
  }

  #die(reason: string): void {
    this.#dead ??= new RevelaError(
      `the thread that computes ended unexpectedly (${reason.replaceAll(/\s+/g, ' ')}); if memory ran out, use a smaller picture, patch or batch`,
    );
    for (const [id] of [...this.#calls]) this.#forget(id)?.reject(this.#dead);
  }
}
