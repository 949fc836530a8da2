import type { Planes } from '../../pixels/index.js';
import { disposable } from '../../belongings.js';
import { bindInputs } from '../../compile/index.js';
import { RevelaError } from '../../errors.js';
import { muchInThread } from '../../in-thread.js';
import { checkSameSize, eightBitPlanes } from '../../quality/anywhere.js';
import type { Runtime } from '../../runtime/index.js';
import type { Program, TensorValue } from '../../tensor/index.js';
import { type DistanceTile, distanceTiles } from './distance-tiles.js';
import { pieceAside } from './picture-piece.js';
import { inTurns } from '../../apply/anywhere.js';

/** A measure of two pictures that is ready to be used on a device. */
export interface PictureDistance extends AsyncDisposable {
  /**
   * How far two pictures are apart; 0 for equal ones.
   *
   * @param a `[channels, height, width]` in [0, 1], a `Picture` for one; rounded to 8 bits, grey taken for colours that are alike
   * @param b likewise, of the same size
   * @throws RevelaError if the sizes differ, a side is too short, or a value is not a number
   */
  compare(a: Planes, b: Planes, options?: { readonly signal?: AbortSignal }): Promise<number>;
  close(): Promise<void>;
}

/** Options of a {@link PictureDistance}. */
export interface DistanceOptions {
  /** Largest side of the pieces that a picture is looked at in; default: by the network, so that 1 GiB is about enough. */
  readonly tile?: number;
}

/** What a measure does with a picture, piece by piece. */
export interface DistanceByTiles<Sums> {
  readonly title: string;
  readonly leastSide: number;
  readonly tile: number;
  /** The program for pieces of a size: inputs `x` and `y`, `[1, 3, height, width]`. */
  trace(size: { readonly height: number; readonly width: number }): Program;
  /** Numbers of the inputs that are the same for every piece. */
  readonly constants: Readonly<Record<string, TensorValue>>;
  /** Numbers of all other inputs but the pictures, made anew: they are given away. */
  feeds?(tile: DistanceTile): Readonly<Record<string, TensorValue>>;
  /** Begins with nothing. */
  empty(): Sums;
  /** Adds what a piece says. */
  add(sums: Sums, tile: DistanceTile, results: Readonly<Record<string, TensorValue>>): void;
  /** The distance of the whole. */
  result(sums: Sums): number;
}

const eightBitAside = muchInThread(
  new URL('../../quality/anywhere.js', import.meta.url),
  eightBitPlanes,
  ({ data }) => data.length,
);

/** Makes a measure ready that is added up from pieces. */
export function openDistance<Sums>(runtime: Runtime, measure: DistanceByTiles<Sums>): PictureDistance {
  const shelf = runtime.shelf({ optimization: 'inference' });
  const programFor = (height: number, width: number): Program =>
    bindInputs(measure.trace({ height, width }), measure.constants);
  const compared = async (a: Planes, b: Planes, signal: AbortSignal | undefined) => {
    const [x, y] = await Promise.all([eightBitAside(a), eightBitAside(b)]);
    const sums = measure.empty();
    for (const tile of distanceTiles(a.width, a.height, measure.tile)) {
      signal?.throwIfAborted();
      const [height, width] = [tile.y.length, tile.x.length];
      const [one, other] = [await pieceAside(x, tile), await pieceAside(y, tile)];
      const { fetched } = await shelf.run(
        `${height}×${width}`,
        () => programFor(height, width),
        { x: one, y: other, ...measure.feeds?.(tile) },
        { signal, transfer: true },
      );
      measure.add(sums, tile, fetched);
    }
    const distance = measure.result(sums);
    if (Number.isFinite(distance)) return distance;
    throw new RevelaError(`${measure.title} gave no number; check the weights that it was made with`);
  };
  const turns = inTurns();
  return disposable({
    async compare(a: Planes, b: Planes, { signal }: { readonly signal?: AbortSignal } = {}) {
      checkPair(measure, a, b);
      return turns.take(() => compared(a, b, signal), signal);
    },
    async close() {
      await turns.over();
      await shelf.close();
    },
  });
}

function checkPair(
  { title, leastSide }: Pick<DistanceByTiles<unknown>, 'title' | 'leastSide'>,
  a: Planes,
  b: Planes,
): void {
  checkSameSize(title, a, b);
  if (Math.min(a.width, a.height) < leastSide)
    throw new RevelaError(
      `${title} needs pictures of at least ${leastSide}×${leastSide} pixels, these have ${a.width}×${a.height}`,
    );
}
