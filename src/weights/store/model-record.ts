import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { check, literal, number, object, picklist, pipe, regex, string } from 'valibot';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { ifRight, readJson } from '../../options/index.js';
import { present } from '../../present.js';
import { writeBeside } from '../../write-beside.js';

/**
 * How a file was checked against what is known of it: by its whole SHA-256, by the beginning of it, by its size alone,
 * or not at all because nothing is known.
 */
export type Verification = 'sha256' | 'sha256-beginning' | 'size' | 'none';

const verifications = [
  'sha256',
  'sha256-beginning',
  'size',
  'none',
] as const satisfies readonly Verification[];

/** What the store knows of a file that it has. */
export interface ModelRecord {
  /** The absolute path: in the store, or where it was registered. */
  readonly path: string;
  readonly size: number;
  /** All 64 digits, of the file as it was when it came. */
  readonly sha256: string;
  /** Where it came from: a URL or a path. */
  readonly source: string;
  readonly verified: Verification;
  readonly what?: string;
  readonly licence?: string;
}

const format = 'revela-stored-model-1';

/** The folder of a model, which holds its file, its record and what came of a download that was interrupted. */
export function homeOf(folder: string, name: string): string {
  return resolve(folder, name);
}

/**
 * Refuses a model's folder that is a link: what is kept in it would be written elsewhere.
 *
 * @throws RevelaError, one line
 */
export async function checkHome(home: string): Promise<void> {
  const facts = await lstat(home).catch(() => undefined);
  if (facts?.isSymbolicLink() === true)
    throw new RevelaError(
      `${home} is a link, which is not followed: put the folder itself there, or choose another one (\`folder\`)`,
    );
}

const recordPath = (home: string): string => join(home, 'model.json');

/**
 * Reads the record of a model; `undefined` if there is none.
 *
 * @param home the model's folder
 * @throws RevelaError if it cannot be read or is damaged
 */
export async function readRecord(home: string): Promise<ModelRecord | undefined> {
  const path = recordPath(home);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error) ?? '')) return undefined;
    throw fileError(`cannot read ${path}`, error);
  }
  const record = parseRecord(text, home);
  if (record === undefined) throw new RevelaError(`${path} is damaged; pull or add ${basename(home)} again`);
  return record;
}

/**
 * Writes the record of a model; a former one is replaced only by a whole one.
 *
 * @throws the error of the file system
 */
export async function writeRecord(home: string, { path, ...facts }: ModelRecord): Promise<void> {
  // Inside of the store the path is relative, so that the folder can be moved.
  const where = dirname(path) === home ? { file: basename(path) } : { path };
  const text = `${JSON.stringify({ format, ...where, ...facts }, null, 2)}\n`;
  await writeBeside(recordPath(home), [new TextEncoder().encode(text)]);
}

/** Why the file of a record cannot be used; `undefined` if it can. */
export async function recordProblem({ path, size }: ModelRecord): Promise<string | undefined> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return `${path} is no file any more`;
    if (facts.size !== size) return `${path} has changed: it had ${size} bytes and has ${facts.size}`;
    return undefined;
  } catch (error) {
    const reason = fileError(`cannot read ${path}`, error);
    if (reason instanceof RevelaError) return reason.message;
    throw error;
  }
}

/** How a record is written: its file by its name, where it lies beside the record, and nowhere else. */
const schema = object({
  format: literal(format),
  file: ifRight(pipe(string(), regex(/^[^./\\][^/\\]*$/))),
  path: ifRight(pipe(string(), check(isAbsolute))),
  size: number(),
  sha256: pipe(string(), regex(/^[0-9a-f]{64}$/)),
  source: string(),
  verified: picklist(verifications),
  what: ifRight(string()),
  licence: ifRight(string()),
});

function parseRecord(text: string, home: string): ModelRecord | undefined {
  const stored = readJson(schema, text);
  if (stored === undefined) return undefined;
  const { file, path: elsewhere, size, sha256, source, verified, what, licence } = stored;
  const path = file === undefined ? elsewhere : join(home, file);
  return path === undefined
    ? undefined
    : { path, size, sha256, source, verified, ...present({ what, licence }) };
}
