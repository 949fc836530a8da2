import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { RevelaError } from '../../errors.js';
import { receivedError, type SentError } from '../../sent-error.js';
import { endRestingThreads, restingThreads } from './resting-threads.js';
import { shareLarge } from './share-large.js';

export { inSharedMemory, shareLarge } from './share-large.js';

/** A function of a module, called by its name with arguments that can be copied. */
export interface ThreadCall {
  readonly module: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What came of a call. */
export type ThreadReply<Result> =
  | { readonly outcome: 'done'; readonly result: Result }
  | { readonly outcome: 'failed'; readonly error: SentError };

// A worker refuses those of the parent's flags that only make sense for a main script.
const threads = restingThreads(
  () => new Worker(new URL('./thread-worker.js', import.meta.url), { name: 'revela numbers', execArgv: [] }),
);

const waiting: (() => void)[] = [];
let working = 0;

/** A thread that is free; at most as many work at once as there are cores. */
async function takeThread(): Promise<Worker> {
  if (working >= availableParallelism()) await new Promise<void>((resolve) => waiting.push(resolve));
  const worker = threads.take();
  working += 1;
  return worker;
}

function giveBack(worker: Worker): void {
  working -= 1;
  threads.rest(worker);
  waiting.shift()?.();
}

/** Ends the threads of all kinds that nobody needs at once, and with them what they were last given. */
export const endIdleThreads = endRestingThreads;

async function called<Result>(call: ThreadCall, given: readonly Float32Array[]): Promise<Result> {
  const whole = given.filter(isWhole);
  const light = await shareLarge(call, new Set(whole));
  const worker = await takeThread();
  try {
    const reply = await new Promise<ThreadReply<Result>>((resolve, reject) => {
      const end = (): void => {
        worker.off('message', answered);
        worker.off('error', broken);
        worker.off('exit', gone);
      };
      const answered = (message: ThreadReply<Result>): void => {
        end();
        resolve(message);
      };
      // An answer that was sent before may still be on its way; it is here before the thread is gone.
      let failure: unknown;
      const broken = (error: unknown): void => {
        failure = error;
      };
      const gone = (code: number): void => {
        end();
        reject(failure ?? new RevelaError(`a thread that computes ended unexpectedly (exit code ${code})`));
      };
      worker.on('message', answered);
      worker.on('error', broken);
      worker.on('exit', gone);
      worker.postMessage(light, buffersOf(whole));
    });
    if (reply.outcome === 'done') return reply.result;
    throw receivedError(reply.error);
  } finally {
    giveBack(worker);
  }
}

/**
 * The same function, done in another thread: the caller's event loop stays free. Arguments and results are copied, large
 * arrays slice by slice, but for arrays in shared memory, which are not; see {@link sharedFloats}.
 *
 * @param module the address of the module that exports the function by its own name
 * @param gives which of its arguments the caller gives away: they are not copied, and cannot be used afterwards
 * @throws RevelaError where the function throws one; another error with its message where it throws another
 *
 * @example
 * const score = inThread(new URL('./niqe.js', import.meta.url), niqe);
 * await score(picture, model);
 */
export function inThread<Args extends readonly unknown[], Result>(
  module: URL,
  work: (...args: Args) => Result,
  gives: (...args: Args) => readonly Float32Array[] = () => [],
): (...args: Args) => Promise<Result> {
  return (...args) => called<Result>({ module: module.href, name: work.name, args }, gives(...args));
}

/** Whether an array is all that its buffer holds, and can be handed over. */
const isWhole = ({ byteLength, buffer }: Float32Array): boolean =>
  byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;

function buffersOf(arrays: readonly Float32Array[]): ArrayBuffer[] {
  return arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}

/** As many numbers are worked through in about the time that another thread takes to be asked. */
const MUCH = 2 ** 18;

/**
 * The same function, done at once where there is little to do, and {@link inThread} where there is much.
 *
 * @param numbersOf about how many numbers it works through
 * @param gives as for {@link inThread}, where it is done in another thread
 */
export function muchInThread<Args extends readonly unknown[], Result>(
  module: URL,
  work: (...args: Args) => Result,
  numbersOf: (...args: Args) => number,
  gives?: (...args: Args) => readonly Float32Array[],
): (...args: Args) => Promise<Result> {
  const threaded = inThread(module, work, gives);
  return async (...args) => (numbersOf(...args) < MUCH ? work(...args) : threaded(...args));
}

/** Floats that threads share: given to another thread they are not copied. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
