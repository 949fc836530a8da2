import { createRandom } from '../random.js';
import { cutPatch } from '../pixels/index.js';
import { openShelf, type ShelfContents } from './picture-shelf.js';

/** What decides the patches of every batch. */
export interface BatchRequest extends ShelfContents {
  /** Channels of a patch, at least 3. */
  readonly channels: number;
  readonly patch: number;
  readonly batch: number;
  readonly seed: number;
  readonly augment: boolean;
}

/** A batch of patches. */
export interface PatchBatch {
  readonly step: number;
  /** `[batch, channels, patch, patch]`, in [0, 1]; 3 channels for files and pictures. */
  readonly patches: Float32Array<ArrayBuffer>;
}

/**
 * Reads the headers of the files and returns what makes their batches. A batch is a function of the request and
 * its number alone.
 *
 * @throws RevelaError if a file cannot be read
 */
export async function batchMaker(request: BatchRequest): Promise<(step: number) => Promise<PatchBatch>> {
  const { channels, patch, batch, seed, augment } = request;
  const shelf = await openShelf(request);
  return async (step) => {
    const random = createRandom(seed, step);
    const length = channels * patch * patch;
    const patches = new Float32Array(batch * length);
    for (let i = 0; i < batch; i++) {
      const raster = await shelf.draw(random);
      cutPatch(raster, patch, random, augment, patches, i * length);
    }
    return { step, patches };
  };
}
