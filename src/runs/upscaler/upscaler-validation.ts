import { RevelaError } from '../../errors.js';
import { type Picture, pictureSize, readPicture } from '../../images/index.js';
import { findLumaCloseness, lpipsBackbones } from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { listedBatches, meanLoss, type Pairs, pairData } from '../../training/index.js';
import { pixelObjective, createPairSource, type UpscalingKind, largeEnough } from '../../upscale/index.js';
import type { Sample } from '../folder/samples.js';
import { applyInTiles, upscaleProgram } from '../../apply/index.js';
import { fixedSeed } from '../fixed-seed.js';
import { bicubic, type LargeAndSmall, leastSide, madeSmall, wholeSide } from './large-and-small.js';
import type { LpipsWeights, LearntWeights } from '../../models/index.js';
import { openLpips } from '../../measures/index.js';
import type { ValidationMaterial } from '../run-validation.js';
import { chosen, middleOf, named } from '../sample-pictures.js';
import type { Measure, Scores } from '../validation-scores.js';
import { present } from '../../present.js';

/** How many pairs of patches the loss is measured on. */
const fixedPairs = 16;

/** What an upscaler is measured by. */
export interface UpscalerMeasures {
  readonly degradation: UpscalingKind;
  readonly scale: number;
  /** Large pictures to measure on; none: the loss on pictures learnt from. */
  readonly validation: readonly string[];
  /** To measure them by LPIPS as well. */
  readonly lpips?: LpipsWeights;
  readonly files: readonly string[];
  /** Side of the patches. */
  readonly patch: number;
}

/**
 * Measures by PSNR and SSIM on the luma of large pictures that are made small and enlarged again, without a border as wide
 * as the scale, and by LPIPS of the whole pictures in colour: the protocol of the super-resolution papers. Bicubic's are
 * measured once, with the first weights.
 */
function measureOnPictures(measures: UpscalerMeasures): Measure {
  const { scale, validation, lpips } = measures;
  let input: Pick<Scores, 'inputPsnr' | 'inputLpips'> | undefined;
  return async (runtime, weights, signal) => {
    const sums = { psnr: 0, ssim: 0, lpips: 0, inputPsnr: 0, inputLpips: 0 };
    const options = present({ signal });
    await using distance = lpips === undefined ? undefined : openLpips(runtime, lpips);
    for (const file of validation) {
      const { large, small } = await madeSmall(await readPicture(file), measures);
      const upscaled = await enlarged(runtime, weights, small, signal);
      const closeness = await findLumaCloseness(upscaled, large, scale);
      sums.psnr += closeness.psnr;
      sums.ssim += closeness.ssim;
      sums.lpips += (await distance?.compare(upscaled, large, options)) ?? 0;
      if (input !== undefined) continue;
      const simple = await bicubic(small, large);
      sums.inputPsnr += (await findLumaCloseness(simple, large, scale)).psnr;
      sums.inputLpips += (await distance?.compare(simple, large, options)) ?? 0;
    }
    const mean = (sum: number): number => sum / validation.length;
    input ??= {
      inputPsnr: mean(sums.inputPsnr),
      ...present({ inputLpips: distance && mean(sums.inputLpips) }),
    };
    return {
      ...{ psnr: mean(sums.psnr), ssim: mean(sums.ssim), ...input },
      ...present({ lpips: distance && mean(sums.lpips) }),
    };
  };
}

/** Enlarges a picture by a network's own scale. */
async function enlarged(
  runtime: Runtime,
  weights: LearntWeights,
  small: Picture,
  signal: AbortSignal | undefined,
): Promise<Picture> {
  const { scale } = weights.description;
  await using tiled = applyInTiles(runtime, upscaleProgram(weights), { scale });
  const data = await tiled.apply(small, present({ signal }));
  return { ...small, width: small.width * scale, height: small.height * scale, data };
}

/** Measures by the mean absolute error on fixed pairs of the pictures learnt from. */
async function measureByPixels({ degradation, scale, files, patch }: UpscalerMeasures): Promise<Measure> {
  const size = { batch: 1, patch };
  await using source = await createPairSource({
    ...{ files, kind: degradation, scale, ...size },
    ...{ seed: fixedSeed, augment: false, sharpen: false },
  });
  const pairs: Pairs[] = [];
  while (pairs.length < fixedPairs) pairs.push(await source.next());
  return async (runtime, { description: { network }, parameters }, signal) => {
    const objective = pixelObjective({ network, scale, size, sharpened: false });
    const data = pairData(listedBatches(pairs), size, scale);
    return { loss: await meanLoss(runtime, { objective, data }, parameters, pairs.length, signal) };
  };
}

/** Enlarges the middles of a few pictures. */
async function drawing(measures: UpscalerMeasures): Promise<ValidationMaterial['draw']> {
  const { validation } = measures;
  const files = validation.length > 0 ? validation : (await largeEnough(measures)).files;
  const subjects: (LargeAndSmall & { readonly name: string })[] = [];
  for (const { name, noisy: file } of chosen(named(files)))
    subjects.push({ name, ...(await madeSmall(middleOf(await readPicture(file)), measures)) });
  return async (runtime, weights, signal) => {
    const samples: Sample[] = [];
    for (const { name, large, small } of subjects) {
      const upscaled = await enlarged(runtime, weights, small, signal);
      samples.push({ name, pictures: { small, upscaled, large } });
    }
    return samples;
  };
}

/**
 * Reads what an upscaler is measured on: what is wrong with it should end a run before it begins.
 *
 * @throws RevelaError if a picture cannot be read, or is too small to be measured
 */
export async function upscalerMaterial(measures: UpscalerMeasures): Promise<ValidationMaterial> {
  const { validation, scale, lpips } = measures;
  const least = Math.max(leastSide(scale), lpips === undefined ? 0 : lpipsBackbones[lpips.network].leastSide);
  if (validation.length > 0) await largeEnough(measures);
  for (const file of validation) {
    const { width, height } = await pictureSize(file);
    if (Math.min(wholeSide(width, scale), wholeSide(height, scale)) < least)
      throw new RevelaError(
        `${file} is ${width}×${height} pixels, and pictures for validation need at least ${least}×${least}; leave it out of \`validation\``,
      );
  }
  return {
    measure: validation.length > 0 ? measureOnPictures(measures) : await measureByPixels(measures),
    draw: await drawing(measures),
  };
}
