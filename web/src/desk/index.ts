import type { ErrorCode } from 'revela/web';
import type { Order, Outcome, Reply, Strip } from './protocol.js';

export type { Made } from './made.js';
export type { Mix, Strip } from './protocol.js';

/** An order that failed; the code tells what is wrong with the picture, or that the worker ended (`ERR_DEVICE`). */
export class DeskError extends Error {
  readonly code: ErrorCode | undefined;

  constructor(message: string, code: ErrorCode | undefined) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  resolve(outcome: Outcome): void;
  reject(error: DeskError): void;
}

let onStrip: (strip: Strip) => void = () => {};
let onLost: () => void = () => {};
const waiting = new Map<number, Waiting>();
let last = 0;
let worker: Worker | undefined;

function receive({ data: reply }: MessageEvent<Reply>): void {
  if (reply.outcome === 'strip') {
    onStrip(reply.strip);
    return;
  }
  const asked = waiting.get(reply.id);
  waiting.delete(reply.id);
  if (reply.outcome === 'done') asked?.resolve(reply.done);
  else asked?.reject(new DeskError(reply.message, reply.code));
}

/** The worker, begun with the first order: the page is there before it. Once it has died, with the next. */
function begun(): Worker {
  if (worker !== undefined) return worker;
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'pictures' });
  worker.addEventListener('message', receive);
  worker.addEventListener('error', ({ message }) => {
    worker?.terminate();
    worker = undefined;
    const lost = [...waiting.values()];
    waiting.clear();
    for (const { reject } of lost)
      reject(new DeskError(`the worker that holds pictures ended (${message})`, 'ERR_DEVICE'));
    onLost();
  });
  return worker;
}

/** Is told when the worker has ended, and all results with it. */
export function whenLost(listener: () => void): void {
  onLost = listener;
}

/** Is told of what is to be drawn. */
export function drawStrips(listener: (strip: Strip) => void): void {
  onStrip = listener;
}

const memoryOf = (order: Order): readonly ArrayBuffer[] =>
  order.kind === 'keep'
    ? order.made.layers.map(({ image }) => image.data.buffer)
    : order.kind === 'map'
      ? [order.image.data.buffer]
      : [];

/**
 * Asks the worker that holds pictures.
 *
 * @throws DeskError
 */
export function desk(order: Order): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    last += 1;
    begun().postMessage({ id: last, order }, [...memoryOf(order)]);
    waiting.set(last, { resolve, reject });
  });
}
