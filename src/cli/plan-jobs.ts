import { OptionError } from '../errors.js';
import {
  checkOutput,
  findPictures,
  formatOfPath,
  type OutputPair,
  type PictureFormat,
  planOutputs,
} from '../images/index.js';

/** A picture to work on, and where the result goes. */
export interface Job extends OutputPair {
  readonly format: PictureFormat;
}

/** The options of every command that makes one picture of another, as typed. */
export interface ResultFlags {
  readonly output?: string;
  readonly format?: PictureFormat;
  readonly overwrite?: boolean;
  readonly recursive?: boolean;
}

/**
 * Which picture goes where, by names alone.
 *
 * @param suffix the end of the names of results that lie beside their pictures; in folders such files are no input
 * @param usual the kind of file where neither option says one; default: that of the picture
 * @throws RevelaError if an input is missing or an output exists already or cannot be written; OptionError if options
 *   disagree
 */
export async function planJobs(
  inputs: readonly string[],
  { output, format, overwrite = false, recursive = false }: ResultFlags,
  suffix: string,
  usual?: PictureFormat,
): Promise<readonly Job[]> {
  const files = await findPictures(inputs, { recursive, exceptSuffix: suffix });
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
