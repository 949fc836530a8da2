import { batchesAside, type BatchSource } from '#platform/batches';
import { largeEnough } from '../../upscale/index.js';
import type { GradedBatch } from '../../quality/index.js';
import { gradedMaker } from './graded-batches.js';

/** Options of {@link createGradedSource}. */
export interface GradedSourceOptions {
  /** Files of good pictures. */
  readonly files: readonly string[];
  /** The side of the pictures to make. */
  readonly patch: number;
  /** Originals a batch. */
  readonly batch: number;
  /** A whole number of at least 0. */
  readonly seed: number;
  /** The number of the first batch; default 0. */
  readonly startStep?: number;
  /** Whether originals are mirrored at random; default true. */
  readonly augment?: boolean;
}

/** Batches in the order of their steps. */
export interface GradedSource extends BatchSource<GradedBatch> {
  /** How many files were left out because they are smaller than a patch. */
  readonly skipped: number;
}

/** Decoded files may take so many bytes. */
const maxBytes = 2 ** 30;

/**
 * Good pictures and what they look like with more and less of the {@link flaws} of photographs, with how damaged each is,
 * made by a thread of its own a few batches ahead. Batch `s` depends only on the seed, on `s` and on the files in their
 * order.
 *
 * @throws RevelaError if a file cannot be read or none is large enough
 *
 * @example
 * const source = await createGradedSource({ files, patch: 160, batch: 4, seed: 0 });
 * const { pictures, damages } = await source.next();
 * await source.close();
 */
export async function createGradedSource(options: GradedSourceOptions): Promise<GradedSource> {
  const { patch, batch, seed, startStep = 0, augment = true } = options;
  const { files, skipped } = await largeEnough(options);
  const request = {
    ...{ files, pictures: [], rasters: [], maxBytes },
    ...{ patch, batch, seed, augment, startStep, stride: 1, ahead: 3 },
  };
  const module = new URL('./graded-batches.js', import.meta.url);
  return { ...batchesAside(module, gradedMaker, [request], startStep), skipped };
}
