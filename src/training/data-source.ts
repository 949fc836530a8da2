import { disposable } from '../belongings.js';
import type { TensorValue } from '../tensor/index.js';

/** Batches by their numbers, counted from 0: a function of the number alone, whenever and however often one is asked for. */
export interface DataSource<Batch> {
  at(step: number): Promise<Batch>;
}

/** What a step is fed besides parameters: the inputs of its objective, by their names. */
export type Feeds = Readonly<Record<string, TensorValue>>;

/** Batches in the order of their steps, made ahead. */
export interface BatchesInOrder<Batch> extends AsyncDisposable {
  next(): Promise<Batch>;
  close(): Promise<void>;
}

/** A source that holds something until it is closed. */
export interface OpenSource<Batch> extends DataSource<Batch>, AsyncDisposable {
  close(): Promise<void>;
}

/** So few batches are rather made and thrown away than that what makes them begins anew. */
const fewest = 64;

/**
 * Batches by their numbers, of what makes them in order. Asked for one after the other they have been made ahead; asked for one that comes
 * soon after, those between are thrown away; asked for any other, what makes them begins anew there.
 *
 * @param open begins with the batch of that number
 * @param first the number that it begins with, at once
 * @throws whatever `open` throws
 *
 * @example
 * const patches = await batchesByStep((startStep) => createPatchSource({ ...options, startStep }), 0);
 * await patches.at(0);
 */
export async function batchesByStep<Batch extends { readonly step: number }>(
  open: (first: number) => BatchesInOrder<Batch> | Promise<BatchesInOrder<Batch>>,
  first: number,
): Promise<OpenSource<Batch>> {
  let source = await open(first);
  let next = first;
  let turn: Promise<unknown> = Promise.resolve();
  async function batchAt(step: number): Promise<Batch> {
    const between = step - next;
    // After a failure nobody knows where the source is.
    next = Number.NaN;
    if (between >= 0 && between <= fewest) for (let i = 0; i < between; i++) await source.next();
    else {
      await source.close();
      source = await open(step);
    }
    const batch = await source.next();
    if (batch.step !== step)
      throw new RangeError(`expected the batch of step ${step}, got that of ${batch.step}`);
    next = step + 1;
    return batch;
  }
  return disposable({
    at(step: number) {
      const asked = turn.then(() => batchAt(step));
      turn = asked.catch(() => undefined);
      return asked;
    },
    close: () => source.close(),
  });
}

/** Batches that are at hand, by their places in a list. */
export function listedBatches<Batch>(list: readonly Batch[]): DataSource<Batch> {
  return {
    async at(step) {
      const batch = list[step];
      if (batch === undefined) throw new RangeError(`there are only ${list.length} batches`);
      return batch;
    },
  };
}
