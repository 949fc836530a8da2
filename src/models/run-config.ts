import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { check, object, pipe, record, string, unknown } from 'valibot';
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { ifRight, readJson } from '../options/index.js';
import { isMissing, readRegular } from '../regular-file.js';
import { writeBeside } from '../write-beside.js';

/** What a run was started with: anything that JSON holds. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** The file of a run folder that holds it, by which the folder is known as one. */
export const CONFIG = 'config.json';

/** Settings have a few kilobytes. */
const longestConfig = 2 ** 24;

const format = 'revela-run';
/** 2: settings hold a recipe of several stages, and what the run is validated on. */
const version = 2;

/** What stands around the settings. */
const envelope = object({
  format: unknown(),
  version: unknown(),
  config: ifRight(
    pipe(
      record(string(), unknown()),
      check((config) => !Array.isArray(config)),
    ),
  ),
});

/**
 * What the run in a folder was started with.
 *
 * @throws RevelaError if the folder is missing, holds no run, or one of another version
 */
export async function readRunConfig(path: string): Promise<RunConfig> {
  const file = join(path, CONFIG);
  let text: string;
  try {
    await readdir(path);
    text = (await readRegular(file, longestConfig)).toString('utf8');
  } catch (error) {
    if (isMissing(error) && (await exists(path))) {
      throw new RevelaError(`${path} is not a run folder: it has no ${CONFIG}`);
    }
    throw fileError(`cannot open the run folder ${path}`, error);
  }
  const stored = readJson(envelope, text);
  if (stored?.format !== format) throw new RevelaError(`${file} is not the configuration of a run of revela`);
  if (stored.version !== version) {
    throw new RevelaError(
      `${path} is a run of the format ${String(stored.version)}, and this revela knows runs of the format ${version}; use the version of revela that started it`,
    );
  }
  if (stored.config === undefined) throw new RevelaError(`${file} is damaged: it has no config`);
  return stored.config;
}

/**
 * Writes down what a run is started with, or goes on with.
 *
 * @throws an error of the file system
 */
export async function writeRunConfig(path: string, config: RunConfig): Promise<void> {
  const text = `${JSON.stringify({ format, version, config }, undefined, 2)}\n`;
  await writeBeside(join(path, CONFIG), [new TextEncoder().encode(text)]);
}

async function exists(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}
