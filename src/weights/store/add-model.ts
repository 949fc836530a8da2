import { createReadStream } from 'node:fs';
import { realpath, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { checked } from '../../options/index.js';
import { openRegular } from '../../regular-file.js';
import { writeBeside } from '../../write-beside.js';
import { verificationOf } from './download.js';
import { measureFile } from './file-hash.js';
import { findModel } from './find-model.js';
import { knownModels, type ListedModel } from './known-models.js';
import { checkFreeName } from './model-name.js';
import { type AddOptions, addOptions } from './store-options.js';
import { checkHome, type ModelRecord, readRecord, writeRecord } from './model-record.js';
import { present } from '../../present.js';

/** A file that was registered. */
export interface AddedModel extends ModelRecord {
  readonly name: string;
}

/**
 * Registers a local file under a name. If the name is that of a known model, the file must be it, by its SHA-256 and its
 * size.
 *
 * @throws OptionError if it cannot be called so
 * @throws RevelaError, one line, if the file cannot be read, is not the model that its name says, or the name is taken
 *
 * @example
 * await addModel('downloads/RN50.pt', { folder: 'models', name: 'RN50' });
 */
export async function addModel(file: string, options: AddOptions): Promise<AddedModel> {
  checked('addModel', addOptions, options);
  const { folder, models = knownModels, copy = false, overwrite = false, signal } = options;
  if (options.name !== undefined) checkFreeName(options.name);
  const { size, sha256 } = await measure(file, signal);
  const same = models.find((model) => model.sha256 === sha256);
  const wanted = options.name ?? same?.name ?? basename(file, extname(file));
  checkFreeName(wanted);
  const { name, home, listed } = await findModel(wanted, options);
  if (listed !== undefined) checkIsModel(file, { size, sha256 }, listed);
  try {
    const former = await readRecord(home).catch(() => undefined);
    if (former !== undefined && former.sha256 !== sha256 && !overwrite)
      throw new RevelaError(
        `${name} is already another file, ${former.path}; choose another name or allow overwriting (\`overwrite\`)`,
      );
    await checkHome(home);
    await makeFolder(home);
    const inside = join(home, `${name}${extname(file).toLowerCase() || '.weights'}`);
    const original = await realpath(file);
    if (copy && original !== inside) await writeBeside(inside, createReadStream(original));
    const path = copy ? inside : original;
    const record: ModelRecord = {
      path,
      size,
      sha256,
      source: resolve(file),
      verified: listed === undefined ? 'none' : verificationOf(listed),
      ...present({ what: listed?.what, licence: listed?.licence }),
    };
    await writeRecord(home, record);
    // The store keeps no file that nothing names any more.
    if (former !== undefined && dirname(former.path) === home && former.path !== path)
      await rm(former.path, { force: true });
    return { name, ...record };
  } catch (error) {
    await rmdir(home).catch(() => {}); // unless something is in it
    throw fileError(`cannot keep ${name} in ${folder}`, error);
  }
}

async function measure(
  path: string,
  signal: AbortSignal | undefined,
): Promise<Pick<ModelRecord, 'size' | 'sha256'>> {
  try {
    const { handle } = await openRegular(path);
    try {
      const measured = await measureFile(handle, signal);
      if (measured.size === 0) throw new RevelaError(`${path} is empty (0 bytes); copy or download it again`);
      return measured;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}

function checkIsModel(
  file: string,
  { size, sha256 }: Pick<ModelRecord, 'size' | 'sha256'>,
  model: ListedModel,
): void {
  const problem =
    model.sha256 !== undefined && !sha256.startsWith(model.sha256)
      ? `its SHA-256 is ${sha256}, not ${model.sha256}`
      : model.size !== undefined && size !== model.size
        ? `it has ${size} bytes, not ${model.size}`
        : undefined;
  if (problem === undefined) return;
  throw new RevelaError(
    `${file} is not the published ${model.name}: ${problem}; copy it again, or give it another name (\`name\`)`,
  );
}
