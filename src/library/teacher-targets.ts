import type { InferenceMethod, TeacherVariant } from '../denoise/index.js';
import type { Picture, Raster } from '../images/index.js';
import { readPicture } from '../images/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Progress } from '../training/index.js';
import { createApplier } from './apply-denoiser.js';
import type { DenoiserWeights } from './denoiser-weights.js';

/** Samples are kept at 16 bits: half the memory of float32, and 1/131,070 is less than any teacher's error. */
const WHITE = 65_535;

/** What {@link teacherTargets} works with. */
export interface TeacherSetting {
  readonly teacher: DenoiserWeights;
  readonly method: InferenceMethod;
  readonly variants: readonly TeacherVariant[];
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Writes planes in [0, 1] from channel `first` on; grey is repeated in three. */
function store({ data, channels }: Picture, samples: Uint16Array, first: number): void {
  const area = data.length / channels;
  for (let channel = 0; channel < 3; channel++) {
    const from = channels === 3 ? channel * area : 0;
    const to = (first + channel) * area;
    for (let i = 0; i < area; i++)
      samples[to + i] = Math.round(Math.min(1, Math.max(0, data[from + i] ?? 0)) * WHITE);
  }
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
  const rasters: Raster[] = [];
  for (const file of files) {
    const { width, height } = await readPicture(file);
    const channels = 3 * (1 + variants.length);
    const samples = new Uint16Array(new SharedArrayBuffer(2 * channels * width * height));
    rasters.push({
      ...{ width, height, channels, samples },
      ...{ pixelStep: 1, channelStep: width * height, white: WHITE },
    });
  }
  // Variant by variant, so that the programs of one at a time take memory.
  for (const [number, { options, keepDetail, draw }] of variants.entries()) {
    const applier = createApplier(runtime, teacher, method, { ...options, keepDetail, seed: seed + draw });
    try {
      for (const [index, file] of files.entries()) {
        const raster = rasters[index];
        if (!(raster?.samples instanceof Uint16Array)) continue;
        const picture = await readPicture(file);
        if (number === 0) store(picture, raster.samples, 0);
        const result = await applier.apply(picture, {
          onTile: (tile) =>
            onProgress?.({
              kind: 'denoising',
              picture: file,
              index: number * files.length + index + 1,
              count: variants.length * files.length,
              ...tile,
            }),
          ...(signal === undefined ? {} : { signal }),
        });
        store(result, raster.samples, 3 * (1 + number));
      }
    } finally {
      await applier.close();
    }
  }
  return rasters;
}
