// A thread that makes batches: in order, while it has credit, which is `ahead` to begin with, and one more for each that was asked for.
// The other side is batches.ts.
import { parentPort } from 'node:worker_threads';
import { buffersOf } from '../../handed-over.js';
import { sentError } from '../../sent-error.js';
import type { BatchMaker, BatchOrder, BatchReply, BatchWork, Numbered } from './batches.js';
import { functionOf } from './thread-calls.js';

const port = parentPort;
if (port === null) throw new Error('batch-worker.js is started as a worker thread');

const reply = (message: BatchReply<Numbered>): void =>
  port.postMessage(message, message === 'ended' ? [] : [...buffersOf(message)]);

/** Asks the module for what makes batches. */
async function open({ module, name, request }: BatchWork): Promise<BatchMaker<Numbered>> {
  const make = await (await functionOf(module, name))(request);
  if (typeof make !== 'function') throw new TypeError(`${name} gives nothing that makes batches`);
  return (step) => Reflect.apply(make, undefined, [step]);
}

/** The batches of one request. */
class Batches {
  readonly #work: BatchWork;
  #step: number;
  #credit: number;
  #maker: Promise<BatchMaker<Numbered>> | undefined;
  #making: Promise<void> | undefined;
  #ended = false;

  constructor(work: BatchWork) {
    this.#work = work;
    this.#step = work.request.startStep;
    this.#credit = work.request.ahead;
    this.#begin();
  }

  /** One more may be made. */
  taken(): void {
    this.#credit++;
    this.#begin();
  }

  /** Resolves when the one that is being made is done. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#making;
  }

  #begin(): void {
    this.#making ??= this.#make()
      .catch((error: unknown) => {
        this.#ended = true;
        reply({ failure: sentError(error) });
      })
      .finally(() => {
        this.#making = undefined;
      });
  }

  async #make(): Promise<void> {
    this.#maker ??= open(this.#work);
    const make = await this.#maker;
    for (; this.#credit > 0 && !this.#ended; this.#credit--) {
      reply({ batch: await make(this.#step) });
      this.#step += this.#work.request.stride;
    }
  }
}

let batches: Batches | undefined;

port.on('message', async (order: BatchOrder) => {
  if (order === 'taken') batches?.taken();
  else if (order !== 'end') batches = new Batches(order);
  else {
    await batches?.end();
    batches = undefined;
    reply('ended');
  }
});
