import { type BatchNumbers, batchesAside, type BatchSource } from '#platform/batches';
import type { Picture, Raster } from '../pixels/index.js';
import { type BatchOptions, noPictures, settleBatchOptions } from './batch-options.js';
import { batchMaker, type BatchRequest, type PatchBatch } from './patch-batches.js';

export type { PatchBatch } from './patch-batches.js';

/** Options of {@link createPatchSource}. */
export interface PatchSourceOptions extends BatchOptions {
  /** Picture files to cut patches from. */
  readonly files?: readonly string[];
  /** Pictures in memory, drawn alike; they are copied once. */
  readonly pictures?: readonly Picture[];
  /**
   * Pictures in memory with any number of channels, the same in all, instead of the above. Samples that lie in shared
   * memory are not copied.
   */
  readonly rasters?: readonly Raster[];
}

/** Batches in the order of their steps. */
export type PatchSource = BatchSource<PatchBatch>;

/**
 * Random patches of pictures for training, decoded and cut by a thread of its own, a few batches ahead.
 *
 * A pixel is as likely as any other to lie in a patch, whichever picture it is in: pictures are drawn in
 * proportion to their area. Batch number `s` depends only on the seed, on `s` and on the pictures in their order,
 * so that a source started at step `s` continues an earlier one exactly.
 *
 * Files are kept decoded, at 1 or 2 bytes a sample, while they fit into `memory`; beyond that, each draw of a
 * picture that is not kept decodes it again.
 *
 * @throws RevelaError if there are no pictures or an option is out of range
 *
 * @example
 * const source = createPatchSource({ files: ['a.jpg', 'b.jpg'], patch: 160, batch: 1, seed: 0 });
 * const { step, patches } = await source.next();
 * await source.close();
 */
export function createPatchSource(options: PatchSourceOptions): PatchSource {
  const request = requestOf(options);
  options.signal?.throwIfAborted();
  const module = new URL('./patch-batches.js', import.meta.url);
  return batchesAside(module, batchMaker, [request], request.startStep, options.signal);
}

function requestOf(options: PatchSourceOptions): BatchRequest & BatchNumbers {
  const { files = [], pictures = [], rasters = [] } = options;
  if (files.length + pictures.length + rasters.length === 0) throw noPictures();
  const channels = rasters[0]?.channels ?? 3;
  if (rasters.some((raster) => raster.channels !== channels) || channels < 3)
    throw new RangeError('all rasters must have the same channels, at least 3');
  if (rasters.length > 0 && files.length + pictures.length > 0)
    throw new RangeError('patches are cut from rasters, or from files and pictures');
  return { files, pictures, rasters, channels, stride: 1, ...settleBatchOptions(options) };
}
