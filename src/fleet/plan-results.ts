import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type OutputPair, planOutputs, type PictureSearch, searchPictures, sharedOut } from '../api/index.js';
import { OptionError, RevelaError } from '../errors.js';
import { existsAlready, fileError } from '../file-errors.js';
import { present } from '../present.js';
import { isInside } from './job.js';
import { isThere } from './shared-folder.js';
import type { FleetWork, Submitted, SubmitOptions } from './submit-options.js';

/** Which pictures there are, and where their results go. */
export interface PlannedResults {
  readonly pairs: readonly OutputPair[];
  readonly skipped: number;
  readonly failures: Submitted['failures'];
}

/**
 * Finds the pictures, and the places of their results.
 *
 * @param inputs folders, files and patterns, and lists: files `*.txt` with a path a line
 * @throws RevelaError where there are none, two would have one result, or a result is there already; OptionError for options that disagree
 */
export async function planResults(
  inputs: readonly string[],
  { work }: FleetWork,
  options: SubmitOptions,
): Promise<PlannedResults> {
  const { output, format, overwrite = false, skipExisting = false, shard } = options;
  if (overwrite && skipExisting)
    throw new OptionError(
      '`skipExisting` keeps results and `overwrite` replaces them: leave out one of them',
    );
  if (work === 'score' && format !== undefined)
    throw new OptionError('scores are written as JSON: leave out `format`');
  const search = sharedOut(await found(inputs, options), shard);
  const pairs =
    work === 'score' ? scorePairs(search, output) : await planOutputs(search, `${output}/`, naming(format));
  const missing: OutputPair[] = [];
  for (const pair of pairs) {
    if (overwrite || !(await isThere(pair.output))) missing.push(pair);
    else if (!skipExisting) throw existsAlready(pair.output);
  }
  return { pairs: missing, skipped: pairs.length - missing.length, failures: search.leftOut.unreadable };
}

const naming = (format: SubmitOptions['format']) => ({ suffix: '', ...present({ format }) });

/** All pictures; those of lists at the places that the lists say. */
async function found(
  inputs: readonly string[],
  { recursive = false, output }: SubmitOptions,
): Promise<PictureSearch> {
  const lists = inputs.filter((input) => /\.(?:txt|lst)$/i.test(input));
  const others = inputs.filter((input) => !lists.includes(input));
  const listed = (await Promise.all(lists.map(picturesOf))).flat();
  if (others.length === 0 && listed.length > 0)
    return { pictures: listed, several: true, leftOut: { unreadable: [], text: undefined } };
  const search = await searchPictures(others, { recursive, exceptFolder: output });
  return { ...search, several: true, pictures: [...listed, ...search.pictures] };
}

/** Paths in a list begin in its folder; results lie as they do. */
async function picturesOf(list: string): Promise<PictureSearch['pictures']> {
  const text = await readFile(list, 'utf8').catch((error: unknown) => {
    throw fileError(`cannot read the list ${list}`, error);
  });
  const places = text
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^\.\//, ''))
    .filter((line) => line !== '');
  const wrong = places.find((place) => !isInside(place));
  if (wrong !== undefined)
    throw new RevelaError(`${list}: expected a path a line, inside of the list's folder, got ${wrong}`);
  if (places.length === 0) throw new RevelaError(`the list ${list} is empty; expected a path a line`);
  const folder = dirname(resolve(list));
  return [...new Set(places)].map((place) => ({ path: join(folder, place), place }));
}

/** Each score in a file of its own, so that it is there as soon as it is known, and twice is once. */
function scorePairs({ pictures }: PictureSearch, output: string): readonly OutputPair[] {
  const taken = new Map<string, string>();
  return pictures.map(({ path, place }) => {
    const result = join(output, `${place}.json`);
    const other = taken.get(result);
    if (other !== undefined)
      throw new RevelaError(
        `${other} and ${path} would both be written to ${result}; submit them with different outputs`,
      );
    taken.set(result, path);
    return { input: path, output: result };
  });
}
