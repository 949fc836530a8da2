import type { SupervisedMethod } from '../denoise/index.js';
import { listedBatches, meanLoss, pairData } from '../training/index.js';
import { pairedObjective } from '../denoise/index.js';
import { createPairSource, type PairBatch } from '../upscale/index.js';
import { fixedSeed } from './fixed-seed.js';
import type { Measure } from './validation-scores.js';

/** How many patches the loss is measured on. */
const fixedPatches = 32;

/**
 * Measures by the loss of patches that the noise model makes noisy, the same ones in every validation of every run on these
 * pictures, not flipped and not turned.
 *
 * @param files clean pictures
 * @param patch side of the patches
 * @throws RevelaError if a picture cannot be read
 */
export async function measureByPairs(
  files: readonly string[],
  method: SupervisedMethod,
  patch: number,
): Promise<Measure> {
  const size = { batch: 1, patch };
  await using source = await createPairSource({
    ...{ files, kind: 'noise', scale: 1, ...size, seed: fixedSeed, augment: false },
  });
  const batches: PairBatch[] = [];
  while (batches.length < fixedPatches) batches.push(await source.next());
  return async (runtime, { description: { network }, parameters }, signal) => {
    const objective = pairedObjective({ network, size, loss: method.pairLoss });
    const data = pairData(listedBatches(batches), size, 1);
    return { loss: await meanLoss(runtime, { objective, data }, parameters, batches.length, signal) };
  };
}
