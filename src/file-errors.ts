import { present } from './present.js';
import { type ErrorCode, RevelaError } from './errors.js';

/** Why the operating system refused a file, in the words of a user; by the code of its error. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it does not exist; check the spelling'],
  ['ENOTDIR', 'a part of its path is a file, not a folder'],
  ['EISDIR', 'it is a folder, not a file'],
  ['EEXIST', 'a file of that name is in the way'],
  ['EACCES', 'access is not allowed; check the permissions'],
  ['EPERM', 'access is not allowed; check the permissions'],
  ['EROFS', 'the disk is read-only; choose another folder'],
  ['ENOSPC', 'the disk is full; free some space or choose another folder'],
  ['EDQUOT', 'the disk quota is used up; free some space or choose another folder'],
  ['EFBIG', 'the file would be larger than this disk or session allows'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ELOOP', 'its symbolic links go round in a circle'],
  ['EMFILE', 'too many files are open'],
]);

/** What they are to programs; `ERR_FILE` where nothing else is said. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'ERR_FILE_MISSING',
  EEXIST: 'ERR_FILE_EXISTS',
  EACCES: 'ERR_ACCESS',
  EPERM: 'ERR_ACCESS',
  EROFS: 'ERR_ACCESS',
  ENOSPC: 'ERR_DISK_FULL',
  EDQUOT: 'ERR_DISK_FULL',
};

/** The code of a failed file operation, such as `ENOENT`; `undefined` for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof RevelaError) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Turns a failed file operation into one line. Anything else is returned as it came, because it is a fault of
 * the program and wants its stack.
 *
 * @param path the file; default: the one that the system names
 *
 * @example
 * throw fileError('cannot read denoiser.safetensors', error);
 */
export function fileError(action: string, error: unknown, path = pathIn(error)): unknown {
  const code = fileErrorCode(error);
  if (code === undefined || error instanceof RevelaError) return error;
  return new RevelaError(`${action}: ${reasons.get(code) ?? `the system reports ${code}`}`, {
    cause: error,
    code: codes[code] ?? 'ERR_FILE',
    ...present({ path }),
  });
}

/** The error for a file that is there already, and was not to be replaced. */
export function existsAlready(path: string): RevelaError {
  return new RevelaError(
    `${path} exists already; choose another output or allow overwriting (\`overwrite\`)`,
    { code: 'ERR_FILE_EXISTS', path },
  );
}

function pathIn(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}
