import { open, rename, rm, rmdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OptionError, RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { checked } from '../../options/index.js';
import { present } from '../../present.js';
import { claimPart, pullerOf, releasePart, removeFreeParts } from './claim-part.js';
import { download, verificationOf } from './download.js';
import { measureFile } from './file-hash.js';
import { findModel, type FoundModel, unknownModel, usableRecord } from './find-model.js';
import type { ListedModel } from './known-models.js';
import { sameHash } from './model-list.js';
import { checkHome, type ModelRecord, writeRecord } from './model-record.js';
import { openPart, partBytes } from './part.js';
import { type PullOptions, pullOptions } from './store-options.js';

/** A model that is in the store. */
export interface PulledModel extends ModelRecord {
  readonly name: string;
  /** Whether it was downloaded now; otherwise it was there already. */
  readonly downloaded: boolean;
}

/**
 * Gets a model into the store, unless it is there: downloads it, going on where an earlier attempt ended, and checks it
 * by the SHA-256 and the size that are known. The file appears under its name only once it is whole and right. Several
 * processes may pull at once.
 *
 * @param name one of the list, capital letters aside
 * @throws OptionError if there is no such model, or no hash of it is known and `unverified` is not set
 * @throws RevelaError, one line, if it cannot be had, is not the right file, or the disk refuses it
 *
 * @example
 * const { path, sha256 } = await pullModel('RN50', { folder: 'models', onProgress: console.log });
 */
export async function pullModel(name: string, options: PullOptions): Promise<PulledModel> {
  checked('pullModel', pullOptions, options);
  const found = await findModel(name, options);
  try {
    const { listed } = found;
    if (listed === undefined) {
      const record = await usableRecord(found.home);
      if (record === undefined) throw unknownModel(name, options);
      return { name: found.name, ...record, downloaded: false };
    }
    const there = (await fittingRecord(found, listed)) ?? (await adopt(found, listed, options.signal));
    if (there !== undefined) return { name: listed.name, ...there, downloaded: false };
    if (options.offline === true)
      throw new RevelaError(
        `${listed.name} is not in ${options.folder}, and offline nothing is downloaded; pull it with a network, or register a copy with \`addModel(FILE, { name: '${listed.name}' })\``,
      );
    if (listed.sha256 === undefined && options.unverified !== true)
      throw new OptionError(
        `the SHA-256 of ${listed.name} is not known, so that nobody could tell whether ${listed.url} sends the right file; allow that with \`unverified\`, or get it elsewhere and register it with \`addModel(FILE, { name: '${listed.name}' })\``,
      );
    return await fetchModel(found, listed, options);
  } catch (error) {
    throw fileError(`cannot keep ${found.name} in ${options.folder}`, error);
  }
}

/** The record of a model that is there and, as far as can be told, the listed one. */
async function fittingRecord(
  { home }: FoundModel,
  { sha256 }: ListedModel,
): Promise<ModelRecord | undefined> {
  const record = await usableRecord(home);
  if (record === undefined || sha256 === undefined || sameHash(record.sha256, sha256)) return record;
  return undefined;
}

/** Takes in a file that lies in its place without a record, as a process leaves it that was killed between the two. */
async function adopt(
  { home }: FoundModel,
  model: ListedModel,
  signal: AbortSignal | undefined,
): Promise<ModelRecord | undefined> {
  if (model.sha256?.length !== 64) return undefined;
  const path = join(home, fileName(model));
  const file = await open(path, 'r').catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { size, sha256 } = await measureFile(file, signal);
    if (sha256 !== model.sha256) return undefined;
    return await keepRecord(home, model, { path, size, sha256 });
  } finally {
    await file.close();
  }
}

async function fetchModel(found: FoundModel, model: ListedModel, options: PullOptions): Promise<PulledModel> {
  const { home } = found;
  await checkHome(home);
  await makeFolder(home);
  const other = await waitForOthers(found, model, options);
  if (other !== undefined) return { name: model.name, ...other, downloaded: false };
  const claimed = await claimPart(home);
  try {
    const downloaded = await downloadedPart(claimed, model, options);
    const path = join(home, fileName(model));
    await rename(partBytes(claimed), path);
    const facts = { path, ...downloaded };
    const record = await keepRecord(home, model, facts);
    await rm(claimed, { recursive: true, force: true });
    await removeFreeParts(home);
    return { name: model.name, ...record, downloaded: true };
  } finally {
    await releasePart(home, claimed);
    await rmdir(home).catch(() => {}); // unless something is in it
  }
}

/** Downloads into a claimed folder, and closes what is written there. */
async function downloadedPart(
  claimed: string,
  model: ListedModel,
  options: PullOptions,
): Promise<Pick<ModelRecord, 'size' | 'sha256'>> {
  await using part = await openPart(claimed, options.signal);
  await download(part, model, options);
  await part.sync();
  return { size: part.length, sha256: part.digest() };
}

/** While another process downloads the same model, waits for it instead of fetching everything twice. */
async function waitForOthers(
  found: FoundModel,
  model: ListedModel,
  { signal, onProgress }: PullOptions,
): Promise<ModelRecord | undefined> {
  let told = false;
  for (;;) {
    const puller = await pullerOf(found.home);
    if (puller === undefined) break;
    if (!told)
      onProgress?.({
        kind: 'note',
        message: `${model.name} is being downloaded already, by ${puller}; waiting for that`,
      });
    told = true;
    await wait(250, undefined, present({ signal })).catch((reason: unknown) => {
      signal?.throwIfAborted();
      throw reason;
    });
  }
  return told ? fittingRecord(found, model) : undefined;
}

async function keepRecord(
  home: string,
  model: ListedModel,
  facts: Pick<ModelRecord, 'path' | 'size' | 'sha256'>,
): Promise<ModelRecord> {
  const { url, what, licence } = model;
  const record: ModelRecord = {
    ...facts,
    source: url,
    verified: verificationOf(model),
    ...present({ what, licence }),
  };
  await writeRecord(home, record);
  return record;
}

const extensions: ReadonlySet<string> = new Set([
  '.pt',
  '.pth',
  '.ckpt',
  '.safetensors',
  '.onnx',
  '.npz',
  '.bin',
]);

/** The file is called as the model, so that no URL can choose its name. */
export function fileName({ name, url }: Pick<ListedModel, 'name' | 'url'>): string {
  const extension = extname(new URL(url).pathname).toLowerCase();
  return extensions.has(extension) ? `${name}${extension}` : `${name}.weights`;
}
