import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The file of weights that a path means: itself, or the result in the folder of a run. */
export async function weightsAt(path: string): Promise<string> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return folder ? resolve(path, 'weights.safetensors') : resolve(path);
}
