import { readdir } from 'node:fs/promises';
import { OptionError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { knownModels, type ListedModel } from './known-models.js';
import { isModelName, meantName } from './model-name.js';
import type { StoreOptions } from './store-options.js';
import { homeOf, type ModelRecord, readRecord, recordProblem } from './model-record.js';

/** A name, and what is known and there of it. */
export interface FoundModel {
  readonly name: string;
  /** Its folder in the store. */
  readonly home: string;
  readonly listed: ListedModel | undefined;
}

/** The names of the models that have a folder in the store. */
export async function storedNames(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && isModelName(entry.name)).map(({ name }) => name);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw fileError(`cannot read ${folder}`, error);
  }
}

/**
 * Finds what is meant by a name, capital letters aside.
 *
 * @throws RevelaError if the store cannot be read
 */
export async function findModel(name: string, options: StoreOptions): Promise<FoundModel> {
  const { folder, models = knownModels } = options;
  const found = meantName(name, [...models.map((model) => model.name), ...(await storedNames(folder))]);
  return {
    name: found,
    home: homeOf(folder, found),
    listed: models.find((model) => model.name === found),
  };
}

/** The record of a model whose file is there as it came; `undefined` otherwise. */
export async function usableRecord(home: string): Promise<ModelRecord | undefined> {
  const record = await readRecord(home).catch(() => undefined);
  return record !== undefined && (await recordProblem(record)) === undefined ? record : undefined;
}

/**
 * The models that are meant by names, each once and as the list spells it.
 *
 * @throws OptionError at the first name that no model of the list or of the store has
 *
 * @example
 * for (const name of await namesToPull(['rn50'], { folder: 'models' })) await pullModel(name, { folder: 'models' });
 */
export async function namesToPull(
  names: readonly string[],
  options: StoreOptions,
): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => findModel(name, options)));
  for (const { name, home, listed } of found)
    if (listed === undefined && (!isModelName(name) || (await usableRecord(home)) === undefined))
      throw unknownModel(name, options);
  return [...new Set(found.map(({ name }) => name))];
}

export function unknownModel(name: string, { models = knownModels }: StoreOptions): OptionError {
  return new OptionError(
    `there is no model ${name}; known are ${models.map((model) => model.name).join(', ')}`,
  );
}
