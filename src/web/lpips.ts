import { openLpips, type PictureDistance } from '../measures/anywhere.js';
import { lpipsOf, type LpipsWeights } from '../models/anywhere.js';
import type { Picture } from '../pixels/index.js';
import type { Runtime } from '../runtime/index.js';
import { decodeSafetensors } from '../weights/anywhere.js';
import { readBlob } from './read-blob.js';

/** The longest side of pieces: the engine's memory is scarcer in a page than in Node. */
const TILE = 768;

const nameOf = (file: Blob, place: string): string =>
  file instanceof File ? file.name : `the ${place} file`;

/** LPIPS by the files that a page was given, opened when it is first asked for. */
export class Lpips {
  readonly #weights: LpipsWeights;
  #opened: { readonly runtime: Runtime; readonly distance: PictureDistance } | undefined;

  private constructor(weights: LpipsWeights) {
    this.#weights = weights;
  }

  /** @throws RevelaError for files that hold something else */
  static async read(one: Blob, other: Blob): Promise<Lpips> {
    const read = async (file: Blob, place: string) => {
      const name = nameOf(file, place);
      return { name, tensors: decodeSafetensors(await readBlob(file, 0, file.size), name).tensors };
    };
    return new Lpips(lpipsOf(await read(one, 'first'), await read(other, 'second')));
  }

  /** The network that it looks through. */
  get network(): LpipsWeights['network'] {
    return this.#weights.network;
  }

  /** @throws RevelaError for pictures of two sizes, or too small */
  async compare(runtime: Runtime, a: Picture, b: Picture, signal: AbortSignal): Promise<number> {
    // Another runtime may compute than before.
    if (this.#opened?.runtime !== runtime)
      this.#opened = { runtime, distance: openLpips(runtime, this.#weights, { tile: TILE }) };
    return this.#opened.distance.compare(a, b, { signal });
  }
}
