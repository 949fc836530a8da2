import { resolve } from 'node:path';
import { RevelaError } from '../errors.js';
import { fileSha256, modelPath } from '../weights/index.js';

/** A file of weights that nobody learns, and what is in it: a run goes on with the same numbers or not at all. */
export interface FrozenFile {
  readonly path: string;
  readonly sha256: string;
}

/** The file as it is now, by its path or by a name that `revela models` knows. */
export async function frozenFile(named: string): Promise<FrozenFile>;
export async function frozenFile(named: string | undefined): Promise<FrozenFile | null>;
export async function frozenFile(named: string | undefined): Promise<FrozenFile | null> {
  if (named === undefined) return null;
  const path = await modelPath(named);
  return { path: resolve(path), sha256: await fileSha256(path) };
}

/**
 * Checks that a file is still the one that a run began with.
 *
 * @throws RevelaError if it is missing or another one
 */
export async function checkFrozen({ path, sha256 }: FrozenFile): Promise<void> {
  if ((await fileSha256(path)) !== sha256)
    throw new RevelaError(
      `${path} is not the file that the run began with (its SHA-256 was ${sha256.slice(0, 12)}…): put that one back, or start a new run`,
    );
}
