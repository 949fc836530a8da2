import { disposable } from '../belongings.js';
import type { BatchSource } from '#platform/batches';
import { isNew, type PairOrder, pairPlace } from './pair-order.js';
import { present } from '../present.js';
import type { PairSquare } from './pair-squares.js';

/** Large patches and what they look like small. */
export interface PairBatch {
  readonly step: number;
  /** `[batch, 3, patch, patch]`, in [0, 1]. */
  readonly high: Float32Array<ArrayBuffer>;
  /** `[batch, 3, patch / scale, patch / scale]`, multiples of 1/255. */
  readonly low: Float32Array<ArrayBuffer>;
  /** The large patches sharpened, for the losses that compare with those. */
  readonly sharpened?: Float32Array<ArrayBuffer>;
  /** The small patches before noise and JPEG. */
  readonly clean?: Float32Array<ArrayBuffer>;
}

/**
 * Deals the patches of squares out to batches.
 *
 * @param squares in the order of `squaresInOrder`, from step `first` on
 */
export function dealtBatches(
  squares: BatchSource<PairSquare>,
  order: PairOrder,
  first: number,
  signal?: AbortSignal,
): BatchSource<PairBatch> {
  const open = new Map<number, Promise<PairSquare>>();
  let asked = first;
  let closed = false;
  return disposable({
    // All that is needed is asked for at once: of calls that overlap, the first gets the first.
    next() {
      const step = asked++;
      const last = order.patchesPerSquare - 1;
      const parts = Array.from({ length: order.batch }, (_, i) => {
        const place = pairPlace(order, step, i);
        // A source that has ended says so, whatever is kept.
        const ended = closed || signal?.aborted === true;
        const square = ended || isNew(order, place, step, first) ? squares.next() : open.get(place.square);
        if (square === undefined) throw new RangeError(`square ${place.square} was not kept`);
        if (place.patch === last) open.delete(place.square);
        else open.set(place.square, square);
        return square.then((made) => ({ made, patch: place.patch }));
      });
      return Promise.all(parts).then((taken) => batchOf(step, taken, order));
    },
    close() {
      closed = true;
      open.clear();
      return squares.close();
    },
  });
}

interface Part {
  readonly made: PairSquare;
  readonly patch: number;
}

/** Puts a patch of each square into a batch. */
function batchOf(step: number, parts: readonly Part[], { patchesPerSquare }: PairOrder): PairBatch {
  const together = (patches: readonly (readonly [Float32Array, number])[]): Float32Array<ArrayBuffer> => {
    const length = (patches[0]?.[0].length ?? 0) / patchesPerSquare;
    const values = new Float32Array(patches.length * length);
    for (const [i, [all, patch]] of patches.entries())
      values.set(all.subarray(patch * length, (patch + 1) * length), i * length);
    return values;
  };
  const optional = (of: (made: PairSquare) => Float32Array | undefined) => {
    const patches = parts.flatMap(({ made, patch }) => {
      const values = of(made);
      return values === undefined ? [] : [[values, patch] as const];
    });
    return patches.length === 0 ? undefined : together(patches);
  };
  return {
    step,
    high: together(parts.map(({ made, patch }) => [made.high, patch])),
    low: together(parts.map(({ made, patch }) => [made.low, patch])),
    ...present({ sharpened: optional((made) => made.sharpened), clean: optional((made) => made.clean) }),
  };
}
