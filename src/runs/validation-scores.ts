import type { DenoisingMethod, InferenceMethod } from '../denoise/index.js';
import { RevelaError } from '../errors.js';
import {
  checkPicture,
  createPatchSource,
  type PatchSourceOptions,
  type PictureDescription,
  type PicturePair,
  type Raster,
  readPicture,
  inSameColours,
} from '../images/index.js';
import { findCloseness } from '../quality/index.js';
import type { Runtime } from '../runtime/index.js';
import {
  denoisingData,
  denoisingObjective,
  distillationData,
  distillationObjective,
} from '../denoise/index.js';
import { listedBatches, meanLoss, type Patches } from '../training/index.js';
import { createApplier } from '../apply/index.js';
import { fixedSeed } from './fixed-seed.js';
import type { LearntWeights } from '../models/index.js';
import { present } from '../present.js';

/** What weights were measured to be worth. */
export interface Scores {
  /** Mean over the pairs, in decibels. */
  readonly psnr?: number;
  /** The same of the noisy pictures as they are, where pairs were measured; of bicubic enlargements. */
  readonly inputPsnr?: number;
  /** Mean over the pairs. */
  readonly ssim?: number;
  /** Mean over the pairs, where it was asked for. */
  readonly lpips?: number;
  /** The same of bicubic enlargements. */
  readonly inputLpips?: number;
  /** Mean of the method's own loss over fixed patches. */
  readonly loss?: number;
  /** Of a scorer: the share of pairs of damaged pictures that it brings into the right order. */
  readonly ranking?: number;
}

/** Measures weights, always alike. */
export type Measure = (runtime: Runtime, weights: LearntWeights, signal?: AbortSignal) => Promise<Scores>;

/** How many patches the loss is measured on. */
const fixedPatches = 16;

/** Whether scores are better than others: by PSNR where pairs were measured, by the order where it was, otherwise by loss. */
export function isBetter(scores: Scores, than: Scores | undefined): boolean {
  if (than === undefined) return true;
  if (scores.psnr !== undefined && than.psnr !== undefined) return scores.psnr > than.psnr;
  if (scores.ranking !== undefined && than.ranking !== undefined) return scores.ranking > than.ranking;
  return scores.loss !== undefined && than.loss !== undefined && scores.loss < than.loss;
}

/**
 * Whether weights make pictures worse than they were, or than bicubic makes them, by all that was measured: such are never
 * the best of a run.
 */
export function isWorseThanInput({ psnr: made, inputPsnr, lpips, inputLpips }: Scores): boolean {
  if (made === undefined || inputPsnr === undefined || made > inputPsnr) return false;
  return lpips === undefined || inputLpips === undefined || lpips >= inputLpips;
}

/**
 * Measures by PSNR and SSIM on pairs, as the denoising papers define them: on 8 bits (on 16 where both pictures have them), the means over the pictures. The
 * pictures are denoised by the method's plain inference, without its second pass, with the same draws every time.
 *
 * @throws RevelaError if a picture cannot be read or a pair differs in size
 */
export async function measureOnPairs(
  pairs: readonly PicturePair[],
  method: InferenceMethod,
): Promise<Measure> {
  // Pictures of one size follow each other: each size needs a program of its own, and one at a time takes least memory.
  const bySize = new Map<string, PicturePair[]>();
  for (const pair of pairs) {
    const size = await sizeOfPair(pair);
    bySize.set(size, [...(bySize.get(size) ?? []), pair]);
  }
  let inputPsnr: number | undefined;
  return async (runtime, weights, signal) => {
    const sums = { psnr: 0, ssim: 0, input: 0 };
    const options = present({ signal });
    for (const [, alike] of [...bySize].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await using applier = createApplier(runtime, weights, method, {});
      for (const { noisy, clean } of alike) {
        const truth = await readPicture(clean);
        const given = await readPicture(noisy);
        if (inputPsnr === undefined) sums.input += (await findCloseness(...inSameColours(given, truth))).psnr;
        const denoised = await applier.apply(given, options);
        const closeness = await findCloseness(...inSameColours(denoised, truth));
        sums.psnr += closeness.psnr;
        sums.ssim += closeness.ssim;
      }
    }
    inputPsnr ??= sums.input / pairs.length;
    return { psnr: sums.psnr / pairs.length, ssim: sums.ssim / pairs.length, inputPsnr };
  };
}

async function sizeOfPair({ noisy, clean }: PicturePair): Promise<string> {
  const [one, other] = [await checkPicture(noisy), await checkPicture(clean)].map(sizeText);
  if (one === undefined || one !== other)
    throw new RevelaError(
      `${noisy} is ${one} and ${clean} is ${other} (width × height); a pair for validation must be of one size`,
    );
  return one;
}

const sizeText = ({ width, height }: PictureDescription): string => `${width}×${height}`;

/**
 * Measures by the method's own loss, which needs no clean pictures: on 16 patches and draws that are the same in every
 * validation of every run on these pictures, not flipped and not turned.
 *
 * @param patch side of the patches
 */
export async function measureByLoss(
  files: readonly string[],
  method: DenoisingMethod,
  patch: number,
): Promise<Measure> {
  const size = { batch: 1, patch };
  const patches = await fixedPatchesOf({ files, ...size });
  return async (runtime, { description, parameters }, signal) => {
    const objective = denoisingObjective(method, description.network, size);
    const data = denoisingData(method, listedBatches(patches), size, fixedSeed);
    return { loss: await meanLoss(runtime, { objective, data }, parameters, patches.length, signal) };
  };
}

/**
 * Measures a student by how far it is from its teacher's results, without recharging: on 16 patches that are the same
 * in every validation of every run on these pictures, not flipped and not turned.
 *
 * @param rasters noisy pictures with the `teachers` results laid over them
 * @param patch side of the patches
 */
export async function measureByTeacher(
  rasters: readonly Raster[],
  teachers: number,
  patch: number,
): Promise<Measure> {
  const size = { batch: 1, patch };
  const list = await fixedPatchesOf({ rasters, ...size });
  return async (runtime, { description: { network }, parameters }, signal) => {
    const distillation = { size, teachers, recharge: false };
    const objective = distillationObjective(network, distillation);
    const data = distillationData(listedBatches(list), distillation, fixedSeed);
    return { loss: await meanLoss(runtime, { objective, data }, parameters, list.length, signal) };
  };
}

/** The patches that losses are measured on. */
async function fixedPatchesOf(
  request: Omit<PatchSourceOptions, 'seed' | 'augment'>,
): Promise<readonly Patches[]> {
  await using source = createPatchSource({ ...request, seed: fixedSeed, augment: false });
  const patches: Patches[] = [];
  while (patches.length < fixedPatches) patches.push(await source.next());
  return patches;
}
