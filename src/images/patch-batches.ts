import { decode } from './decode.js';
import { inspect } from './inspect.js';
import { cutPatch, rasterOf } from './patches.js';
import type { Picture } from './picture.js';
import { createRandom, type Random } from '../random.js';
import type { Raster } from './raster.js';
import { RasterCache } from './raster-cache.js';
import { checkFile, loadBytes } from './read.js';

/** What decides the patches of every batch. */
export interface BatchRequest {
  readonly files: readonly string[];
  readonly pictures: readonly Picture[];
  /** Pictures of `channels` channels, of which there are no files. */
  readonly rasters: readonly Raster[];
  /** Channels of a patch, at least 3. */
  readonly channels: number;
  readonly patch: number;
  readonly batch: number;
  readonly seed: number;
  readonly augment: boolean;
  /** How many bytes of decoded files may be kept. */
  readonly maxBytes: number;
}

/** Batch number `step`, as `[batch, channels, patch, patch]` in [0, 1]. */
export type BatchMaker = (step: number) => Promise<Float32Array<ArrayBuffer>>;

/**
 * Reads the headers of the files and returns what makes their batches. A batch is a function of the request and
 * its number alone; the memory bound changes only how often files are decoded.
 *
 * @throws RevelaError if a file cannot be read
 */
export async function batchMaker(request: BatchRequest): Promise<BatchMaker> {
  const { files, pictures, rasters, channels, patch, batch, seed, augment, maxBytes } = request;
  const inMemory: readonly Raster[] = [...rasters, ...pictures.map(rasterOf)];
  const areas = inMemory.map(({ width, height }) => width * height);
  for (const file of files) {
    await checkFile(file);
    const { width, height } = await inspect(file, file);
    areas.push(width * height);
  }
  const pick = pickByArea(areas);
  const cache = new RasterCache((index) => decodeFile(files[index] ?? ''), maxBytes);
  return async (step) => {
    const random = createRandom(seed, step);
    const length = channels * patch * patch;
    const patches = new Float32Array(batch * length);
    for (let i = 0; i < batch; i++) {
      const index = pick(random);
      const raster = inMemory[index] ?? (await cache.get(index - inMemory.length));
      cutPatch(raster, patch, random, augment, patches, i * length);
    }
    return patches;
  };
}

/** Draws the number of a picture, each in proportion to its area. */
function pickByArea(areas: readonly number[]): (random: Random) => number {
  let total = 0;
  const ends = areas.map((area) => {
    total += area;
    return total;
  });
  return (random) => {
    const place = random.uniform() * total;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

async function decodeFile(path: string): Promise<Raster> {
  const { bytes } = await loadBytes(path);
  return decode(bytes, await inspect(bytes, path), path);
}
