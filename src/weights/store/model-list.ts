import { RevelaError } from '../../errors.js';
import { readRegular } from '../../regular-file.js';
import { present } from '../../present.js';
import { knownModels, type ListedModel } from './known-models.js';
import { isModelName, isPackageName } from './model-name.js';

const longestList = 2 ** 24;

/**
 * Reads a list of models of one's own: a mirror of the known ones, or others. The file is JSON:
 * `{ "models": [{ "name": "RN50", "url": "https://mirror.example/RN50.pt" }] }`, each with `name` and `url` and, where
 * known, `what`, `licence`, `size` in bytes and `sha256`.
 *
 * @throws RevelaError, one line that names the file and the entry
 *
 * @example
 * const models = withOwnModels(await readModelList('mirror.json'));
 * await pullModel('RN50', { folder: 'models', models });
 */
export async function readModelList(path: string): Promise<readonly ListedModel[]> {
  const models = entriesOf((await readRegular(path, longestList)).toString('utf8'));
  if (models === undefined)
    throw new RevelaError(
      `${path} is no list of models: expected JSON as {"models": [{"name": …, "url": …}]}`,
    );
  return models.map((entry, i) => listedModel(entry, `${path}: model ${i + 1}`));
}

/**
 * The known models, with one's own instead of those of the same name and before them. An entry that gives no hash, size
 * or licence keeps those of the known model of its name, so that a mirror need only name its URL.
 *
 * @example
 * const models = withOwnModels([{ name: 'RN50', url: 'https://mirror.example/RN50.pt' }]);
 */
export function withOwnModels(own: readonly ListedModel[]): readonly ListedModel[] {
  const named = new Map(knownModels.map((model) => [model.name.toLowerCase(), model]));
  const merged = own.map((model): ListedModel => {
    const key = model.name.toLowerCase();
    const known = named.get(key);
    named.delete(key);
    if (known === undefined) return model;
    // Another hash is another file: what is known of the published one does not hold for it.
    if (model.sha256 !== undefined && !sameHash(model.sha256, known.sha256)) return model;
    const { sha256 = '', sha256From } = known;
    const whole =
      sha256.length > (model.sha256?.length ?? 0) ? { sha256, ...(sha256From && { sha256From }) } : {};
    return { ...known, ...model, ...whole, name: known.name };
  });
  return [...merged, ...named.values()];
}

/** Whether two hashes, or beginnings of hashes, are of the same file as far as can be told. */
export function sameHash(one: string, other: string | undefined): boolean {
  return other !== undefined && (one.startsWith(other) || other.startsWith(one));
}

function entriesOf(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('models' in value)) return undefined;
    return Array.isArray(value.models) ? value.models : undefined;
  } catch {
    return undefined;
  }
}

const fields = ['name', 'what', 'url', 'licence', 'size', 'sha256', 'sha256From'] as const;

function listedModel(entry: unknown, where: string): ListedModel {
  const wrong = (what: string): RevelaError => new RevelaError(`${where}: ${what}`);
  if (typeof entry !== 'object' || entry === null) throw wrong('expected an object with name and url');
  const values = new Map<string, unknown>(Object.entries(entry));
  for (const key of values.keys())
    if (!fields.some((field) => field === key))
      throw wrong(`unknown field ${key}; expected ${fields.join(', ')}`);
  const text = (key: string): string | undefined => {
    const value = values.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') throw wrong(`${key} must be a text`);
    return value;
  };
  const name = text('name');
  if (name === undefined || !isModelName(name))
    throw wrong(
      'name must be letters, digits, dots, dashes and underscores, beginning with a letter or digit',
    );
  if (isPackageName(name)) throw wrong(`${name} is the name of weights that the package has`);
  const url = text('url');
  if (url === undefined || !isPlainUrl(url))
    throw wrong(`url must begin with http:// or https:// and hold no password, got ${url ?? 'none'}`);
  const size = values.get('size');
  if (size !== undefined && (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1))
    throw wrong('size must be a number of bytes');
  const sha256 = text('sha256')?.toLowerCase();
  if (sha256 !== undefined && !/^[0-9a-f]{8,64}$/.test(sha256))
    throw wrong('sha256 must be 64 hexadecimal digits, or at least the first 8 of them');
  const [what, licence, sha256From] = [text('what'), text('licence'), text('sha256From')];
  return {
    name,
    url,
    ...present({
      what,
      licence,
      size,
      sha256,
      sha256From: sha256 === undefined ? undefined : (sha256From ?? 'given by the list'),
    }),
  };
}

function isPlainUrl(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
  } catch {
    return false;
  }
}
