import { stat } from 'node:fs/promises';
import { OptionError } from '../../errors.js';
import { checkReplacesNone } from '../../file-identity.js';
import { present } from '../../present.js';
import {
  checkOutput,
  checkPicture,
  formatOfPath,
  type LeftOut,
  type OutputPair,
  type PictureDescription,
  type PictureFormat,
  planOutputs,
  searchPictures,
  sharedOut,
} from '../../api/index.js';
import { checkPictures, type FailedPicture } from './check-pictures.js';
import type { ResultFlags } from '../options/common-options.js';
import { shardText } from '../options/shard-text.js';
import { counted } from '../terminal/wording.js';

/** A picture to make another one of, and where to. */
export interface Job extends OutputPair {
  readonly format: PictureFormat;
  /** Its place among all pictures that were named, in whatever share and whether or not they can be used. */
  readonly index: number;
  /** Whether the result is there already, and stays. */
  readonly done: boolean;
}

/** Which pictures go where, by names alone. */
export interface PlannedJobs {
  readonly jobs: readonly Job[];
  readonly leftOut: LeftOut;
  /** Which share these are, and of how many, for people; `undefined` where they are all. */
  readonly share: string | undefined;
}

/** What is to be done, after everything that can be checked beforehand was. */
export interface PicturePlan {
  readonly jobs: readonly Job[];
  /** Pictures whose results are there already. */
  readonly done: readonly Job[];
  /** Pictures that turned out to be unusable. */
  readonly failures: readonly FailedPicture[];
}

/** What a command's results are like. */
export interface ResultNames {
  /** The end of the names of results that lie beside their pictures. */
  readonly suffix: string;
  /** Ends of names by which files are results of earlier runs, and no input; default: that suffix. */
  readonly resultSuffixes?: readonly string[];
  /** The kind of file where neither option says one; default: that of the picture. */
  readonly usual?: PictureFormat;
  /** Files that results must not replace either, such as the weights. */
  readonly kept?: readonly string[];
}

/**
 * Which picture goes where, by names alone.
 *
 * @throws RevelaError if something is missing, exists already or cannot be written
 */
export async function planJobs(
  inputs: readonly string[],
  { output, format, overwrite = false, recursive = false, skipExisting = false, shard }: ResultFlags,
  { suffix, resultSuffixes = [suffix], usual, kept = [] }: ResultNames,
): Promise<PlannedJobs> {
  if (skipExisting && overwrite)
    throw new OptionError(
      '--skip-existing keeps results and --overwrite replaces them: leave out one of them',
    );
  const search = await searchPictures(inputs, {
    recursive,
    exceptSuffix: resultSuffixes,
    ...present({ exceptFolder: output }),
  });
  const named = format ?? usual;
  const naming = { suffix, ...present({ format: named }) };
  const jobs: Job[] = [];
  const pairs = await planOutputs(search, output, naming);
  await checkReplacesNone(
    pairs.map((pair) => pair.output),
    kept,
    'file',
  );
  const shared = sharedOut(search, shard);
  const own = new Set(shared.pictures);
  for (const [index, pair] of pairs.entries()) {
    const picture = search.pictures[index];
    if (picture === undefined || !own.has(picture)) continue;
    const byName = formatOfPath(pair.output);
    if (format !== undefined && byName !== undefined && byName !== format)
      throw new OptionError(`--output ${pair.output} and --format ${format} disagree: leave one of them out`);
    const done = skipExisting && (await isFile(pair.output));
    const written = await checkOutput(pair.output, {
      overwrite: overwrite || done,
      ...present({ format }),
    });
    jobs.push({ ...pair, format: written, index, done });
  }
  const share = shard && shardText(shard, jobs.length, search);
  return { jobs, leftOut: shared.leftOut, share };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/**
 * Checks the pictures, decoding each once: what can go wrong should do so before the work, not after it. Of several, one
 * that cannot be used is left out.
 *
 * @param checkResult whether a picture's result can be made and written
 * @param how.tell gets a line for each picture that is left out, and for other files
 * @throws RevelaError if no picture can be used
 */
export async function checkJobs(
  { jobs, leftOut, share }: PlannedJobs,
  checkResult: (description: PictureDescription, job: Job) => void,
  how: { readonly tell: (line: string) => void; readonly signal: AbortSignal },
): Promise<PicturePlan> {
  if (share !== undefined) how.tell(share);
  for (const { message } of leftOut.unreadable) how.tell(`Left out: ${message}`);
  if (leftOut.text !== undefined) how.tell(`Left out: ${leftOut.text}`);
  const checked = await checkPictures(
    jobs,
    ({ input }) => input,
    async (job) => checkResult(await checkPicture(job.input), job),
    how,
  );
  const done = checked.good.filter((job) => job.done);
  if (done.length > 0)
    how.tell(
      `Left out: ${counted(done.length, 'picture')} whose ${done.length === 1 ? 'result is' : 'results are'} there already`,
    );
  return {
    jobs: checked.good.filter((job) => !job.done),
    done,
    failures: [...leftOut.unreadable, ...checked.failures],
  };
}
