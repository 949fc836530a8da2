import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OptionError, RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { present } from '../../present.js';
import { pullerOf } from './claim-part.js';
import { checked } from '../../options/index.js';
import { findModel, storedNames } from './find-model.js';
import { type StoreOptions, storeOptions } from './store-options.js';
import { checkModelName } from './model-name.js';
import { readRecord } from './model-record.js';

/** What was removed. */
export interface RemovedModel {
  readonly name: string;
  /** The registered file outside of the store, which stays; missing if it was in the store and is gone. */
  readonly kept?: string;
}

/**
 * Removes a model from the store: its file, its record and what came of downloads. A file that was registered where it
 * lies stays there.
 *
 * @throws OptionError if the store has no such model
 * @throws RevelaError, one line, if it is being downloaded or the disk refuses
 *
 * @example
 * await removeModel('RN50', { folder: 'models' });
 */
export async function removeModel(wanted: string, options: StoreOptions): Promise<RemovedModel> {
  checked('removeModel', storeOptions, options);
  checkModelName(wanted);
  const { name, home } = await findModel(wanted, options);
  const stored = await storedNames(options.folder);
  if (!stored.includes(name))
    throw new OptionError(
      `${wanted} is not in ${options.folder}; there are ${stored.length === 0 ? 'no models' : stored.join(', ')}`,
    );
  if ((await pullerOf(home)) !== undefined)
    throw new RevelaError(`${name} is being downloaded by another process; stop that first`);
  const record = await readRecord(home).catch(() => undefined);
  await rm(home, { recursive: true, force: true }).catch((error: unknown) => {
    throw fileError(`cannot remove ${home}`, error);
  });
  const outside = record !== undefined && dirname(record.path) !== home;
  return { name, ...present({ kept: outside ? record.path : undefined }) };
}
