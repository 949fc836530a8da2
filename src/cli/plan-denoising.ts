import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import {
  checkFormatHolds,
  checkOutput,
  checkPicture,
  checkTarget,
  findPictures,
  formatOfPath,
  type OutputPair,
  type PictureFormat,
  planOutputs,
} from '../images/index.js';
import { checkPictures, type FailedPicture } from './check-pictures.js';
import type { DenoiseFlags } from './denoise-command.js';

/** The end of the names of results that lie beside their pictures; in folders such files are no input. */
const resultSuffix = '.denoised';

/** A picture to denoise, and where to. */
export interface Job extends OutputPair {
  readonly format: PictureFormat;
}

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
  const candidates = await planJobs(inputs, flags);
  await checkWeightsTarget(candidates, flags);
  const checked = await checkPictures(
    candidates,
    ({ input }) => input,
    async ({ input, output, format }) => checkFormatHolds(await checkPicture(input), format, output),
    { named: inputs, tell, signal },
  );
  return { jobs: checked.good, failures: checked.failures };
}

/** Which picture goes where, by names alone. */
async function planJobs(inputs: readonly string[], flags: DenoiseFlags): Promise<readonly Job[]> {
  const { output, format, overwrite = false, recursive = false } = flags;
  const files = await findPictures(inputs, { recursive, exceptSuffix: resultSuffix });
  const naming = { suffix: resultSuffix, ...(format === undefined ? {} : { format }) };
  const jobs: Job[] = [];
  for (const pair of await planOutputs(files, output, naming)) {
    const byName = formatOfPath(pair.output);
    if (format !== undefined && byName !== undefined && byName !== format)
      throw new OptionError(`--output ${pair.output} and --format ${format} disagree: leave one of them out`);
    const written = await checkOutput(pair.output, {
      overwrite,
      ...(format === undefined ? {} : { format }),
    });
    jobs.push({ ...pair, format: written });
  }
  return jobs;
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
