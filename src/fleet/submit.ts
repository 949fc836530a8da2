import { describePicture, fileSha256, type OutputPair } from '../api/index.js';
import { OutsideError } from '../confined.js';
import { RevelaError } from '../errors.js';
import { checked } from '../options/index.js';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import { unlessStopped } from '../unless-stopped.js';
import { bundles, type SizedPicture } from './bundle.js';
import { freezeWeights } from './freeze-weights.js';
import type { FleetJob } from './job.js';
import { addJobs, countRivals, forgetFailed } from './add-jobs.js';
import { fleetDenoiseOptions, fleetScoreOptions, fleetUpscaleOptions, submitOptions } from './options.js';
import { planResults } from './plan-results.js';
import { makeProofs } from './proofs.js';
import { type OpenQueue, openQueue, workersOf } from './queue.js';
import { type Recipe, recipesIn, writeRecipe } from './recipe.js';
import { openSubmitStorage } from './storage/open-storage.js';
import { StorageAway, StorageRefusal, type SubmitStorage } from './storage/storage.js';
import type { FleetWork, Submitted, SubmitOptions } from './submit-options.js';

/** Files that are read at once, and jobs that Redis gets at once. */
const [atOnce, jobsAtOnce] = [8, 100];

/**
 * Submits pictures to a fleet: writes what is to be done with them into the folder of the results, and puts them, small ones together, into
 * the queue. Pictures that failed before wait anew. Whatever happens to the queue, the same call with `skipExisting` submits what is missing.
 *
 * @param inputs folders, files, patterns, and lists: files `*.txt` with a path a line
 * @throws RevelaError for pictures and folders as in `denoise`, files outside of the shared folder, a Redis that does not take them, and
 *   workers of another version, and a submission with other options whose results these would be; OptionError for options that do not fit
 *
 * @example
 * const { pictures } = await submitPictures(['shots/'], { work: 'denoise' }, {
 *   redis: 'redis://queue.lan:6379',
 *   output: 'clean',
 * });
 */
export async function submitPictures(
  inputs: readonly string[],
  task: FleetWork,
  given: SubmitOptions,
): Promise<Submitted> {
  const options = checked('submitPictures', submitOptions, given);
  const plain = plainOptions(task);
  const { output, signal, tell } = options;
  await using storage = await openSubmitStorage(inputs, options);
  const folder = await storage.futurePlaceOf(output);
  const plan = await planResults(inputs, task, options, storage);
  await using opened = await openQueue(options);
  await unlessStopped([checkVersions(opened)], signal);
  const { name, file } = await freezeWeights(task, storage, folder);
  const { format, quality, lossless, maxInput } = options;
  const made: Recipe = {
    ...{ format: 'revela-fleet-1', revela: packageVersion(), work: task.work },
    options: { ...plain, ...present({ weights: name }) },
    result: present({ format, quality, lossless }),
    ...present({ weights: file, maxInput }),
  };
  const recipe = await writeRecipe(storage, folder, made);
  const others =
    options.overwrite === true ? [] : (await recipesIn(storage, folder)).filter((id) => id !== recipe);
  const failures = [...plan.failures];
  const proofs = await makeProofs(storage, folder);
  const sized = sizedPictures(plan.pairs, storage, failures, signal, (places) => proofs(recipe, places));
  const told = { pictures: 0, jobs: 0, known: 0, retried: 0 };
  const add = async (jobs: readonly FleetJob[]): Promise<void> => {
    if ((await countRivals(opened, jobs, others)) > 0)
      throw new RevelaError(
        `another submission, with other options, is still to write its results to ${output}: wait for it, cancel it, choose another output, or allow overwriting (\`overwrite\`)`,
      );
    told.retried += await forgetFailed(opened, jobs);
    told.known += await addJobs(opened, jobs);
  };
  const send = async (jobs: readonly FleetJob[]): Promise<void> => {
    try {
      await unlessStopped([add(jobs)], signal);
    } catch (error) {
      const known = opened.redis.error(error);
      if (!(known instanceof RevelaError)) throw known;
      throw new RevelaError(
        `${known.message}; ${told.pictures} pictures were submitted: the same command submits the rest, with \`skipExisting\` where some are done`,
        { cause: error, code: known.code },
      );
    }
    told.jobs += jobs.length;
    told.pictures += jobs.reduce((sum, { pictures }) => sum + pictures.length, 0);
    options.onSubmitted?.(told.pictures);
  };
  let waiting: FleetJob[] = [];
  for await (const pictures of bundles(sized)) {
    const job = { revela: made.revela, recipe, folder, pictures };
    waiting.push(job);
    if (waiting.length < jobsAtOnce) continue;
    await send(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await send(waiting);
  if (told.jobs === 0 && failures.length > 0 && plan.skipped === 0)
    throw new RevelaError(
      `none of the ${failures.length} pictures can be read; the first: ${failures[0]?.message ?? ''}`,
    );
  for (const { message } of failures) tell?.(`Left out: ${message}`);
  return { ...told, skipped: plan.skipped, failures };
}

/** The options but for the weights, checked as each function checks its own. */
function plainOptions(task: FleetWork): Readonly<Record<string, unknown>> {
  const groups = { denoise: fleetDenoiseOptions, upscale: fleetUpscaleOptions, score: fleetScoreOptions };
  const { weights: _, ...plain }: Readonly<Record<string, unknown>> = checked(
    'submitPictures',
    groups[task.work],
    task.options ?? {},
  );
  return plain;
}

/** A worker of another version would refuse the jobs; so they are not even submitted. */
async function checkVersions({ queue }: OpenQueue): Promise<void> {
  const own = packageVersion();
  const other = (await workersOf(queue)).find(({ revela }) => revela !== own);
  if (other !== undefined)
    throw new RevelaError(
      `the worker ${other.pid} on ${other.host} is revela ${other.revela}, and this is ${own}: install the same version on all machines`,
    );
}

/** The pictures with their hashes and sizes, several read at once, in their order; those that are none are noted. */
async function* sizedPictures(
  pairs: readonly OutputPair[],
  storage: SubmitStorage,
  failures: { readonly input: string; readonly message: string }[],
  signal: AbortSignal | undefined,
  prove: (places: Pick<SizedPicture, 'input' | 'output'>) => string,
): AsyncGenerator<SizedPicture, void, undefined> {
  const sizedOne = async ({ input, output }: OutputPair): Promise<SizedPicture | undefined> => {
    try {
      const places = { input: await storage.placeOf(input), output: await storage.futurePlaceOf(output) };
      return { ...places, ...(await measured(places.input, input, storage)), proof: prove(places) };
    } catch (error) {
      if (!(error instanceof RevelaError) || error instanceof OutsideError) throw error;
      if (error instanceof StorageAway || error instanceof StorageRefusal) throw error;
      failures.push({ input, message: error.message });
      return undefined;
    }
  };
  for (let at = 0; at < pairs.length; at += atOnce) {
    signal?.throwIfAborted();
    for (const one of await Promise.all(pairs.slice(at, at + atOnce).map(sizedOne)))
      if (one !== undefined) yield one;
  }
}

/** What is to be known of a picture, with the name that it was given in errors. */
async function measured(
  place: string,
  name: string,
  storage: SubmitStorage,
): Promise<Pick<SizedPicture, 'sha256' | 'pixels'>> {
  await using file = await storage.fetch(place);
  try {
    const { width, height } = await describePicture(file.path);
    return { sha256: await fileSha256(file.path), pixels: width * height };
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    throw new RevelaError(error.message.replaceAll(file.path, name), { cause: error, code: error.code });
  }
}
