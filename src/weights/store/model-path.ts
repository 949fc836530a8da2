import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { RevelaError } from '../../errors.js';
import { checkValue, path } from '../../options/index.js';
import { defaultModelFolder } from '../../model-folder.js';
import { findModel } from './find-model.js';
import { knownModels } from './known-models.js';
import { isModelName } from './model-name.js';
import { readRecord, recordProblem } from './model-record.js';
import type { StoreOptions } from './store-options.js';

const file = path({ words: '' });

/**
 * The file that an option such as `--clip RN50` means: a model of the store by its name, otherwise a path. Nothing is
 * ever downloaded here. Commands and library alike take weights by names through this function. A file that is called as a model of the store can be given as `./RN50`.
 *
 * @param where default: the store that `revela models` has, which `REVELA_MODELS` can name, and the models that Revela knows
 * @throws RevelaError, one line, if there is neither, with the command that gets a known model
 *
 * @example
 * const weights = await describeWeights(await modelPath('RN50'));
 */
export async function modelPath(nameOrPath: string, where: Partial<StoreOptions> = {}): Promise<string> {
  checkValue(file, nameOrPath, 'a file of weights');
  if (!isModelName(nameOrPath)) return nameOrPath;
  const { folder = defaultModelFolder(), models = knownModels } = where;
  const options = { folder, models };
  const { name, home, listed } = await findModel(nameOrPath, options);
  const record = await readRecord(home);
  if (record !== undefined) {
    const problem = await recordProblem(record);
    if (problem === undefined) return record.path;
    throw new RevelaError(`${name} cannot be used: ${problem}; ${remedy(name, listed !== undefined)}`, {
      code: 'ERR_MODEL_MISSING',
      received: name,
    });
  }
  if (await exists(nameOrPath)) return nameOrPath;
  if (listed !== undefined)
    throw new RevelaError(`${name} is not in ${folder}; ${remedy(name, true)}`, {
      code: 'ERR_MODEL_MISSING',
      received: name,
    });
  // What ends as a file does is a file that is missing: whoever reads it says so.
  if (extname(nameOrPath) !== '') return nameOrPath;
  throw new RevelaError(
    `${nameOrPath} is neither a file nor a model; known are ${models.map((model) => model.name).join(', ')}`,
    { code: 'ERR_MODEL_MISSING', received: nameOrPath },
  );
}

function remedy(name: string, listed: boolean): string {
  const add = `\`addModel(FILE, { name: '${name}' })\``;
  return listed
    ? `get it with \`pullModel('${name}')\`, or register a copy with ${add}`
    : `add it again with ${add}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
