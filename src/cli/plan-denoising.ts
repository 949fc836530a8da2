import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { checkFormatHolds, checkPicture, checkTarget } from '../images/index.js';
import { checkPictures, type FailedPicture } from './check-pictures.js';
import type { DenoiseFlags } from './denoise-command.js';
import { type Job, planJobs } from './plan-jobs.js';

/** The end of the names of results that lie beside their pictures; in folders such files are no input. */
const resultSuffix = '.denoised';

/** What is to be done, after everything that can be checked beforehand was. */
export interface DenoisingPlan {
  readonly jobs: readonly Job[];
  /** Pictures of folders and patterns that turned out to be unusable. */
  readonly failures: readonly FailedPicture[];
}

/**
 * Finds the pictures and checks them, decoding each once, and the places of the results: what can go wrong should do so
 * before the training, not after it. A picture that was named is refused; one that was only in a folder is left out.
 *
 * @param tell gets a line for each picture that is left out
 * @throws RevelaError if something is missing, exists already, cannot be written or used
 */
export async function planDenoising(
  inputs: readonly string[],
  flags: DenoiseFlags,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<DenoisingPlan> {
  const candidates = await planJobs(inputs, flags, resultSuffix);
  await checkWeightsTarget(candidates, flags);
  const checked = await checkPictures(
    candidates,
    ({ input }) => input,
    async ({ input, output, format }) => checkFormatHolds(await checkPicture(input), format, output),
    { named: inputs, tell, signal },
  );
  return { jobs: checked.good, failures: checked.failures };
}

async function checkWeightsTarget(
  jobs: readonly Job[],
  { saveWeights, overwrite = false }: DenoiseFlags,
): Promise<void> {
  if (saveWeights === undefined) return;
  const target = resolve(saveWeights);
  if (jobs.some(({ input, output }) => resolve(input) === target || resolve(output) === target))
    throw new OptionError(`--save-weights ${saveWeights} is one of the pictures: choose another name`);
  await checkTarget(saveWeights, { overwrite });
}
