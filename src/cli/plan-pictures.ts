import { OptionError } from '../errors.js';
import {
  checkOutput,
  checkPicture,
  findPictures,
  formatOfPath,
  type OutputPair,
  type PictureDescription,
  type PictureFormat,
  planOutputs,
} from '../images/index.js';
import { checkPictures, type FailedPicture } from './check-pictures.js';
import type { ResultFlags } from './result-options.js';

/** A picture to make another one of, and where to. */
export interface Job extends OutputPair {
  readonly format: PictureFormat;
}

/** What is to be done, after everything that can be checked beforehand was. */
export interface PicturePlan {
  readonly jobs: readonly Job[];
  /** Pictures of folders and patterns that turned out to be unusable. */
  readonly failures: readonly FailedPicture[];
}

/** What a command's results are like. */
export interface ResultNames {
  /** The end of the names of results that lie beside their pictures. */
  readonly suffix: string;
  /** Ends of names by which files in folders are results of earlier runs, and no input; default: that suffix. */
  readonly resultSuffixes?: readonly string[];
  /** The kind of file where neither option says one; default: that of the picture. */
  readonly usual?: PictureFormat;
}

/**
 * Which picture goes where, by names alone.
 *
 * @throws RevelaError if something is missing, exists already or cannot be written
 */
export async function planJobs(
  inputs: readonly string[],
  { output, format, overwrite = false, recursive = false }: ResultFlags,
  { suffix, resultSuffixes = [suffix], usual }: ResultNames,
): Promise<readonly Job[]> {
  const files = await findPictures(inputs, { recursive, exceptSuffix: resultSuffixes });
  const named = format ?? usual;
  const naming = { suffix, ...(named === undefined ? {} : { format: named }) };
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

/**
 * Checks the pictures, decoding each once: what can go wrong should do so before the work, not after it. A picture that
 * was named is refused; one that was only in a folder is left out.
 *
 * @param checkResult whether a picture's result can be made and written
 * @param how.tell gets a line for each picture that is left out
 * @throws RevelaError if a picture that was named cannot be used, or none can
 */
export async function checkJobs(
  jobs: readonly Job[],
  checkResult: (description: PictureDescription, job: Job) => void,
  how: {
    readonly named: readonly string[];
    readonly tell: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<PicturePlan> {
  const checked = await checkPictures(
    jobs,
    ({ input }) => input,
    async (job) => checkResult(await checkPicture(job.input), job),
    how,
  );
  return { jobs: checked.good, failures: checked.failures };
}
