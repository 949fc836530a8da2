import { createHash } from 'node:crypto';
import {
  type InferOutput,
  literal,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  regex,
  string,
  boolean,
  unknown,
} from 'valibot';
import { RevelaError } from '../errors.js';
import { readJson } from '../options/index.js';
import { pictureFormats } from '../pixels/index.js';
import { recipeFolder } from './job.js';
import { type FleetStorage, placeIn, type SubmitStorage } from './storage/storage.js';

const schema = object({
  format: literal('revela-fleet-1'),
  revela: string(),
  work: picklist(['denoise', 'upscale', 'score']),
  options: record(string(), unknown()),
  weights: optional(
    object({ file: pipe(string(), regex(/^[0-9a-f]{64}\.safetensors$/)), sha256: string(), from: string() }),
  ),
  result: object({
    format: optional(picklist(pictureFormats)),
    quality: optional(number()),
    lossless: optional(boolean()),
  }),
  maxInput: optional(number()),
});

/**
 * What is done with pictures. It lies in the folder of the results, under its hash: who finds it there works with the folder
 * that was submitted to, and with the same options and weights.
 */
export type Recipe = Readonly<InferOutput<typeof schema>>;

/** Weights that lie beside their recipe. */
export type RecipeWeights = NonNullable<Recipe['weights']>;

/** What fleets can do. */
export type Work = Recipe['work'];

/**
 * Writes a recipe into the folder of the results.
 *
 * @returns its hash, by which jobs name it
 * @throws RevelaError where that cannot be written
 */
export async function writeRecipe(storage: SubmitStorage, folder: string, recipe: Recipe): Promise<string> {
  const text = `${JSON.stringify(recipe)}\n`;
  const id = hashOf(text);
  await storage.put(recipePlace(folder, id), new Blob([text], { type: 'application/json' }));
  return id;
}

/**
 * Reads the recipe that a job names.
 *
 * @returns `undefined` where it is not there: then this is another folder than the one that was submitted to
 * @throws RevelaError for a file that is not what its name says
 */
export async function readRecipe(
  storage: FleetStorage,
  folder: string,
  id: string,
): Promise<Recipe | undefined> {
  const place = recipePlace(folder, id);
  const text = await storage.read(place, id);
  if (text === undefined) return undefined;
  const recipe = hashOf(text) === id ? readJson(schema, text) : undefined;
  if (recipe === undefined)
    throw new RevelaError(
      `${storage.nameOf(place)} is not what was submitted: it was changed, or is somebody else's; submit again`,
    );
  return recipe;
}

/**
 * The hashes of the recipes that lie in a folder of results.
 *
 * @throws RevelaError for a folder that cannot be read
 */
export async function recipesIn(storage: SubmitStorage, folder: string): Promise<readonly string[]> {
  const names = await storage.filesIn(placeIn(folder, recipeFolder));
  return names.flatMap((name) => /^([0-9a-f]{32})\.json$/.exec(name)?.[1] ?? []);
}

/** Where a recipe lies. */
export const recipePlace = (folder: string, id: string): string =>
  placeIn(folder, `${recipeFolder}/${id}.json`);

/** Where the weights of a recipe lie. */
export const weightsPlace = (folder: string, { file }: Pick<RecipeWeights, 'file'>): string =>
  placeIn(folder, `${recipeFolder}/${file}`);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
