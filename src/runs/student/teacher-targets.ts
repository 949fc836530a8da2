import type { InferenceMethod, TeacherVariant } from '../../denoise/index.js';
import { findRangeFactor, multiplied, type Raster, readPicture } from '../../images/index.js';
import type { Runtime } from '../../runtime/index.js';
import type { Progress } from '../../apply/index.js';
import { createApplier } from '../../apply/index.js';
import { laidOver, layPicture, type OpenRaster } from '../laid-over.js';
import { present } from '../../present.js';
import type { DenoiserWeights } from '../../models/index.js';

/** What {@link teacherTargets} works with. */
export interface TeacherSetting {
  readonly teacher: DenoiserWeights;
  readonly method: InferenceMethod;
  readonly variants: readonly TeacherVariant[];
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Denoises whole pictures by every variant of a teacher and lays the noisy picture and the K results over each other:
 * 3 + 3·K channels, of which patches are cut together. The samples are 16 bits in shared memory, which the thread that
 * cuts the patches reads where it is: 100 pictures of 512² with K = 4 take 750 MiB.
 *
 * The results depend on nothing but the pictures, the teacher, the variants and the seed.
 */
export async function teacherTargets(
  runtime: Runtime,
  files: readonly string[],
  { teacher, method, variants, seed, onProgress, signal }: TeacherSetting,
): Promise<readonly Raster[]> {
  const rasters: OpenRaster[] = [];
  for (const file of files) rasters.push(laidOver(await readPicture(file), 1 + variants.length));
  // Variant by variant, so that the programs of one at a time take memory.
  for (const [number, { options, keepDetail, draw }] of variants.entries()) {
    await using applier = createApplier(runtime, teacher, method, {
      ...options,
      keepDetail,
      seed: seed + draw,
    });
    for (const [index, file] of files.entries()) {
      const raster = rasters[index];
      if (raster === undefined) continue;
      const read = await readPicture(file);
      const picture = await multiplied(read, await findRangeFactor(read));
      if (number === 0) layPicture(raster, 0, picture);
      const result = await applier.apply(picture, {
        onTile: (tile) =>
          onProgress?.({
            kind: 'denoising',
            picture: file,
            index: number * files.length + index + 1,
            count: variants.length * files.length,
            ...tile,
          }),
        ...present({ signal }),
      });
      layPicture(raster, 1 + number, result);
    }
  }
  return rasters;
}
