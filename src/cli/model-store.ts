import { modelPath, readModelList, type StoreOptions, withOwnModels } from '../weights/index.js';
import type { Context } from './context.js';
import type { ModelsFlags } from './models-command.js';

/** The folder and the list of models that options and environment name. */
export async function modelStore(
  { folder, list }: ModelsFlags,
  { modelFolder }: Pick<Context, 'modelFolder'>,
): Promise<StoreOptions> {
  return {
    folder: folder ?? modelFolder,
    ...(list === undefined ? {} : { models: withOwnModels(await readModelList(list)) }),
  };
}

/** Weights that were named as `weightsNaming` says, as the library takes them: a file, or the folder of a run. */
export function namedWeights(named: string, { modelFolder }: Pick<Context, 'modelFolder'>): Promise<string> {
  return modelPath(named, { folder: modelFolder });
}
