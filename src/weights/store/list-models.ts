import { RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import { keptBytes } from './claim-part.js';
import { checked } from '../../options/index.js';
import { storedNames } from './find-model.js';
import { type StoreOptions, storeOptions } from './store-options.js';
import { knownModels, type ListedModel } from './known-models.js';
import { meantName } from './model-name.js';
import { homeOf, readRecord, recordProblem, type Verification } from './model-record.js';

/** A model of the list or of the store. */
export interface ModelStatus extends Omit<ListedModel, 'url'> {
  /** Missing for files that were registered under a name that no list has. */
  readonly url?: string;
  /**
   * `there`: can be used; `absent`: can be pulled; `partial`: a pull was interrupted and goes on where it ended;
   * `broken`: its file or its record is gone or has changed.
   */
  readonly state: 'there' | 'absent' | 'partial' | 'broken';
  /** The file, where there is one. */
  readonly path?: string;
  /** How the file was checked when it came. */
  readonly verified?: Verification;
  /** Bytes of an interrupted download. */
  readonly received?: number;
  /** Why it is broken. */
  readonly problem?: string;
}

/**
 * Lists the models that can be pulled, in the order of the list, and those that were registered, with what is there of
 * them. Uses no network. Of a file that is there, size and hash are those of that file.
 *
 * @throws RevelaError if the store cannot be read
 *
 * @example
 * for (const { name, state, path } of await listModels({ folder: 'models' })) console.log(name, state, path);
 */
export async function listModels(options: StoreOptions): Promise<readonly ModelStatus[]> {
  checked('listModels', storeOptions, options);
  const { folder, models = knownModels } = options;
  const stored = await storedNames(folder);
  const listed = models.map((model) => statusOf(meantName(model.name, stored), folder, model));
  const names = models.map(({ name }) => name.toLowerCase());
  const others = stored.filter((name) => !names.includes(name.toLowerCase())).sort();
  const statuses = await Promise.all([...listed, ...others.map((name) => statusOf(name, folder, { name }))]);
  // A folder that holds nothing of a model that no list has is no model.
  return statuses.filter(({ url, state }) => url !== undefined || state !== 'absent');
}

async function statusOf(
  stored: string,
  folder: string,
  model: Partial<ListedModel> & Pick<ListedModel, 'name'>,
): Promise<ModelStatus> {
  const home = homeOf(folder, stored);
  try {
    const record = await readRecord(home);
    if (record === undefined) {
      const received = await keptBytes(home);
      return received > 0 ? { ...model, state: 'partial', received } : { ...model, state: 'absent' };
    }
    const problem = await recordProblem(record);
    const { path, size, sha256, source, verified, what, licence } = record;
    const facts = {
      ...model,
      ...present({
        ...{ what, licence },
        url: model.url ?? (/^https?:/.test(source) ? source : undefined),
      }),
      ...{ path, size, sha256, verified },
    };
    return problem === undefined ? { ...facts, state: 'there' } : { ...facts, state: 'broken', problem };
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    return { ...model, state: 'broken', problem: error.message };
  }
}
