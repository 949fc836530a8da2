// A thread that makes batches: in order, while it has credit, which is `ahead` to begin with, and one more for each message,
// which says that a batch was asked for. The other side is batches.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from '../../handed-over.js';
import { sentError } from '../../sent-error.js';
import type { BatchReply, BatchWork, Numbered } from './batches.js';
import { functionOf } from './thread-calls.js';

const { module, name, request }: BatchWork = workerData;
let step = request.startStep;
let credit = request.ahead;
let working = false;
let maker: Promise<(step: number) => Promise<Numbered>> | undefined;

function reply(message: BatchReply<Numbered>): void {
  parentPort?.postMessage(message, [...buffersOf(message)]);
}

/** Asks the module for what makes batches. */
async function open(): Promise<(step: number) => Promise<Numbered>> {
  const make = await (await functionOf(module, name))(request);
  if (typeof make !== 'function') throw new TypeError(`${name} gives nothing that makes batches`);
  return (step) => Reflect.apply(make, undefined, [step]);
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  maker ??= open();
  const make = await maker;
  for (; credit > 0; credit--) {
    reply({ batch: await make(step) });
    step += request.stride;
  }
  working = false;
}

function workOrFail(): void {
  work().catch((error: unknown) => reply({ failure: sentError(error) }));
}

parentPort?.on('message', () => {
  credit++;
  workOrFail();
});
workOrFail();
