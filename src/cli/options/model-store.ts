import {
  modelPath,
  readModelList,
  type StoreOptions,
  withOwnModels,
  chosenStateDicts,
  shippedWeights,
  withPaths,
  withStateDict,
} from '../../api/index.js';
import { present } from '../../present.js';
import type { Context } from '../context.js';
import type { ModelsFlags } from '../models/command.js';
import type { KeyFlags } from './common-options.js';
import { counted } from '../terminal/wording.js';

/** The folder and the list of models that options and environment name. */
export async function modelStore(
  { folder, list }: ModelsFlags,
  { modelFolder }: Pick<Context, 'modelFolder'>,
): Promise<StoreOptions> {
  const models = list === undefined ? undefined : withOwnModels(await readModelList(list));
  return { folder: folder ?? modelFolder, ...present({ models }) };
}

/** Weights that were named as `weightsNaming` says, as the library takes them: with files for the names of models. */
export function namedWeights(named: string, { modelFolder }: Pick<Context, 'modelFolder'>): Promise<string> {
  return withPaths(
    named,
    async (path) => (await shippedWeights(path)) ?? modelPath(path, { folder: modelFolder }),
  );
}

/**
 * The same of weights of networks, of which `--key` chooses one where their file holds several; tells which others it
 * holds.
 */
export async function namedNetwork(
  named: string,
  { key }: KeyFlags,
  context: Pick<Context, 'modelFolder'>,
  note: (message: string) => void,
): Promise<string> {
  const weights = await withStateDict(await namedWeights(named, context), key);
  // Whoever reads the weights says what is wrong with them.
  const chosen = await chosenStateDicts(weights).catch(() => []);
  if (key === undefined)
    for (const { path, taken, others } of chosen)
      note(
        `Took ${taken ?? 'the tensors that lie outermost'} of ${path}, which also holds ${counted(others.length, 'other state dict')}: ${firstFew(others)} (--key takes another)`,
      );
  return weights;
}

/** The same of weights that an option may name, under its name; nothing where it was not typed. */
export async function namedAs<Name extends string>(
  option: Name,
  flags: KeyFlags & Readonly<Partial<Record<Name, string | undefined>>>,
  context: Pick<Context, 'modelFolder'>,
  note: (message: string) => void,
): Promise<{ readonly [Key in Name]?: string }>;
export async function namedAs(
  option: string,
  flags: KeyFlags & Readonly<Record<string, string | undefined>>,
  context: Pick<Context, 'modelFolder'>,
  note: (message: string) => void,
): Promise<Readonly<Record<string, string>>> {
  const { [option]: named } = flags;
  return named === undefined ? {} : { [option]: await namedNetwork(named, flags, context, note) };
}

const firstFew = (names: readonly string[]): string =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
