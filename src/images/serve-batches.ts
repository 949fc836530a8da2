import { parentPort } from 'node:worker_threads';
import { RevelaError } from '../errors.js';

/** Which batches a thread makes. */
export interface BatchNumbers {
  /** The number of its first one. */
  readonly startStep: number;
  /** From one to the next; the number of threads that share the work. */
  readonly stride: number;
  /** Batches made before any is asked for. */
  readonly ahead: number;
}

/** A batch, or why there are no more. */
export type BatchReply<Batch> = Batch | { readonly failure: string; readonly expected: boolean };

/**
 * What a worker thread does that makes batches: in order, while it has credit, which is `ahead` to begin with, and one
 * more for each message, which says that a batch was asked for. The other side is {@link batchThreads}.
 *
 * @param open is called once; gives what makes batch number `step`
 * @param buffersOf the memory of a batch, which is handed over and not copied
 */
export function serveBatches<Batch>(
  { startStep, stride, ahead }: BatchNumbers,
  open: () => Promise<(step: number) => Promise<Batch>>,
  buffersOf: (batch: Batch) => readonly ArrayBuffer[],
): void {
  let step = startStep;
  let credit = ahead;
  let working = false;
  let maker: Promise<(step: number) => Promise<Batch>> | undefined;

  const reply = (message: BatchReply<Batch>, transfer: readonly ArrayBuffer[] = []): void => {
    parentPort?.postMessage(message, transfer);
  };
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    maker ??= open();
    const make = await maker;
    for (; credit > 0; credit--) {
      const batch = await make(step);
      reply(batch, buffersOf(batch));
      step += stride;
    }
    working = false;
  };
  const workOrFail = (): void => {
    work().catch((error: unknown) => {
      const failure = error instanceof Error ? error.message : String(error);
      reply({ failure, expected: error instanceof RevelaError });
    });
  };
  parentPort?.on('message', () => {
    credit++;
    workOrFail();
  });
  workOrFail();
}
