import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { writeBeside } from '../../write-beside.js';

/**
 * How a file was checked against what is known of it: by its whole SHA-256, by the beginning of it, by its size alone,
 * or not at all because nothing is known.
 */
export type Verification = 'sha256' | 'sha256-beginning' | 'size' | 'none';

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

const verifications: readonly string[] = [
  'sha256',
  'sha256-beginning',
  'size',
  'none',
] satisfies Verification[];
const isVerification = (value: unknown): value is Verification =>
  typeof value === 'string' && verifications.includes(value);

function parseRecord(text: string, home: string): ModelRecord | undefined {
  const values = valuesOf(text);
  const [file, elsewhere] = [values.get('file'), values.get('path')];
  const [size, sha256, source] = [values.get('size'), values.get('sha256'), values.get('source')];
  const [verified, what, licence] = [values.get('verified'), values.get('what'), values.get('licence')];
  if (values.get('format') !== format || typeof size !== 'number' || typeof source !== 'string')
    return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || !isVerification(verified))
    return undefined;
  const facts = {
    size,
    sha256,
    source,
    verified,
    ...(typeof what === 'string' && { what }),
    ...(typeof licence === 'string' && { licence }),
  };
  // A file of the store lies beside its record and nowhere else.
  if (typeof file === 'string' && file !== '' && !file.startsWith('.') && !/[\\/]/.test(file))
    return { path: join(home, file), ...facts };
  if (typeof elsewhere === 'string' && isAbsolute(elsewhere)) return { path: elsewhere, ...facts };
  return undefined;
}

function valuesOf(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}
