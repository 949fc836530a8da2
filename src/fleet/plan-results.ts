import { type OutputPair, type PictureSearch, sharedOut } from '../api/index.js';
import { OptionError, RevelaError } from '../errors.js';
import { existsAlready } from '../file-errors.js';
import { isInside } from './job.js';
import type { SubmitStorage } from './storage/storage.js';
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
  storage: SubmitStorage,
): Promise<PlannedResults> {
  const { output, format, overwrite = false, skipExisting = false, shard } = options;
  if (overwrite && skipExisting)
    throw new OptionError(
      '`skipExisting` keeps results and `overwrite` replaces them: leave out one of them',
    );
  if (work === 'score' && format !== undefined)
    throw new OptionError('scores are written as JSON: leave out `format`');
  const search = sharedOut(await found(inputs, options, storage), shard);
  const pairs =
    work === 'score' ? scorePairs(search, output, storage) : await storage.outputsOf(search, output, format);
  const isThere = overwrite ? () => false : await storage.resultsIn(output);
  const missing: OutputPair[] = [];
  for (const pair of pairs) {
    if (!(await isThere(pair.output))) missing.push(pair);
    else if (!skipExisting) throw existsAlready(pair.output);
  }
  return { pairs: missing, skipped: pairs.length - missing.length, failures: search.leftOut.unreadable };
}

/** All pictures; those of lists at the places that the lists say. */
async function found(
  inputs: readonly string[],
  { recursive = false, output }: SubmitOptions,
  storage: SubmitStorage,
): Promise<PictureSearch> {
  const lists = inputs.filter((input) => /\.(?:txt|lst)$/i.test(input));
  const others = inputs.filter((input) => !lists.includes(input));
  const listed = (await Promise.all(lists.map((list) => picturesOf(list, storage)))).flat();
  if (others.length === 0 && listed.length > 0)
    return { pictures: listed, several: true, leftOut: { unreadable: [], text: undefined } };
  const search = await storage.search(others, { recursive, exceptFolder: output });
  return { ...search, several: true, pictures: [...listed, ...search.pictures] };
}

/** Paths in a list begin in its folder; results lie as they do. */
async function picturesOf(list: string, storage: SubmitStorage): Promise<PictureSearch['pictures']> {
  const text = await storage.textOf(list);
  const places = text
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^\.\//, ''))
    .filter((line) => line !== '');
  const wrong = places.find((place) => !isInside(place));
  if (wrong !== undefined)
    throw new RevelaError(`${list}: expected a path a line, inside of the list's folder, got ${wrong}`);
  if (places.length === 0) throw new RevelaError(`the list ${list} is empty; expected a path a line`);
  const folder = /^.*[/\\](?=[^/\\]*$)/.exec(list)?.[0] ?? '.';
  return [...new Set(places)].map((place) => ({ path: storage.inside(folder, place), place }));
}

/** Each score in a file of its own, so that it is there as soon as it is known, and twice is once. */
function scorePairs(
  { pictures }: PictureSearch,
  output: string,
  storage: SubmitStorage,
): readonly OutputPair[] {
  const taken = new Map<string, string>();
  return pictures.map(({ path, place }) => {
    const result = storage.inside(output, `${place}.json`);
    const other = taken.get(result);
    if (other !== undefined)
      throw new RevelaError(
        `${other} and ${path} would both be written to ${result}; submit them with different outputs`,
      );
    taken.set(result, path);
    return { input: path, output: result };
  });
}
