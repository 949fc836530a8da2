import { createHash } from 'node:crypto';
import {
  array,
  check,
  type InferOutput,
  maxLength,
  minLength,
  object,
  optional,
  pipe,
  regex,
  safeParse,
  string,
} from 'valibot';
import { RevelaError } from '../errors.js';

/** Small pictures are done together; never more of them than this in one job. */
export const mostPictures = 64;

const hash = pipe(string(), regex(/^[0-9a-f]{32,64}$/));

/** A path inside of the shared folder, with `/` between its parts, whatever system it is read on. */
const place = pipe(
  string(),
  minLength(1),
  maxLength(4096),
  check((path) => isInside(path)),
);

const pictureSchema = object({
  ...{ input: place, output: place, sha256: hash },
  proof: optional(pipe(string(), regex(/^[\w-]{22}$/))),
});
const jobSchema = object({
  revela: pipe(string(), maxLength(100)),
  recipe: hash,
  folder: place,
  pictures: pipe(array(pictureSchema), minLength(1), maxLength(mostPictures)),
});

/** A picture, and where its result goes: paths inside of the shared folder. */
export type FleetPicture = Readonly<InferOutput<typeof pictureSchema>>;

/** A picture, or a few small ones, to be done by whoever is free. */
export interface FleetJob {
  /** The version of the program that submitted it. */
  readonly revela: string;
  /** What is done with the pictures: the file of that hash in the folder of the results. */
  readonly recipe: string;
  /** The folder of the results, inside of the shared folder. */
  readonly folder: string;
  readonly pictures: readonly FleetPicture[];
}

/** Whether a path leads nowhere but inside. */
export function isInside(path: string): boolean {
  return (
    !/^[/\\]|^[A-Za-z]:|[\0\\]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '..' && (part !== '.' || path === '.'))
  );
}

/** The folder, in that of the results, where recipes and weights lie. */
export const recipeFolder = '.revela-fleet';

/** Whether a place lies in a folder that fleets keep for themselves; on some disks, letters of either case are the same. */
export const isFleets = (place: string): boolean =>
  place.split('/').some((part) => part.normalize('NFC').toLowerCase() === recipeFolder);

/**
 * Reads what a queue holds; anybody who reaches it may have put something else there.
 *
 * @throws RevelaError for what is no job of ours, for results outside of their folder or in one of the fleet's own, and for those that would replace a picture
 */
export function jobIn(data: unknown): FleetJob {
  const { success, output } = safeParse(jobSchema, data);
  if (!success)
    throw new RevelaError('this is no job of `revela fleet`, or of a version that others do not know');
  const { folder, pictures } = output;
  const outside = pictures.find((picture) => folder !== '.' && !picture.output.startsWith(`${folder}/`));
  if (outside !== undefined)
    throw new RevelaError(
      `the job would write ${outside.output}, outside of the folder ${folder} of its results`,
    );
  const own = pictures.find((picture) => isFleets(picture.output));
  if (own !== undefined)
    throw new RevelaError(`the job would write ${own.output}, where fleets keep their own`);
  const inputs = new Set(pictures.map(({ input }) => input));
  const replaced = pictures.find((picture) => inputs.has(picture.output));
  if (replaced === undefined) return output;
  throw new RevelaError(`the job would replace ${replaced.output}, which is a picture that it works on`);
}

/** The places of a job's pictures; of somebody else's job, none. */
export function placesIn(data: unknown): readonly string[] {
  try {
    return jobIn(data).pictures.map(({ input }) => input);
  } catch {
    return [];
  }
}

/**
 * The id of a job: a hash of the content of its pictures, of the recipe (which has options, weights and version) and of where the
 * results go. What is submitted twice is one job.
 */
export function jobId({ recipe, pictures }: Pick<FleetJob, 'recipe' | 'pictures'>): string {
  const parts = pictures.map(({ sha256, output }) => [sha256, output]);
  return createHash('sha256')
    .update(JSON.stringify([recipe, parts]))
    .digest('hex')
    .slice(0, 40);
}
