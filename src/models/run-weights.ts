import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { modelPath, partsIn } from '../weights/index.js';
import { CONFIG } from './run-config.js';
import {
  isShippedDenoiser,
  isShippedUpscaler,
  shippedDenoiserPath,
  shippedUpscalerPath,
} from './shipped-weights.js';
import { withPaths } from './weights-reference.js';

/** The file of a run folder that holds what was learnt in the end. */
export const RUN_WEIGHTS = 'weights.safetensors';

/**
 * The weights that a name means, with files for folders of runs: what the run has learnt. See `weightsReference`.
 *
 * @throws RevelaError for a folder that holds no weights, or cannot be read
 *
 * @example
 * await weightsAt('runs/garden'); // 'runs/garden/weights.safetensors'
 */
export const weightsAt = (named: string): Promise<string> => withPaths(named, fileOfWeights);

/**
 * The file of weights that is meant: that of a denoiser of the package or of a model by its name, in the folder of a run what
 * it has learnt, otherwise the path itself. What exists under the name goes before the package.
 *
 * @param named `general`, `self-supervised`, `photo`, `faithful`, a name that `revela models` knows, a file, or a folder
 * @throws RevelaError for a folder that holds no weights, or cannot be read
 */
export async function fileOfWeights(named: string): Promise<string> {
  const shipped = await shippedWeights(named);
  if (shipped !== undefined) return shipped;
  const path = await modelPath(named);
  const found = await stat(path).catch(() => undefined); // whoever reads it says what is wrong
  const isFolder = found?.isDirectory() ?? false;
  if (!isFolder) return path;
  const names = await readdir(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  if (names.includes(RUN_WEIGHTS)) return join(path, RUN_WEIGHTS);
  const parts = partsIn(names);
  if (parts !== undefined) return join(path, parts);
  if (!names.includes(CONFIG))
    throw new RevelaError(
      `${path} is a folder, and not of a training run: name a file of weights, or the folder of a run`,
    );
  const best = names.includes('best.safetensors') ? `, or name ${join(path, 'best.safetensors')}` : '';
  throw new RevelaError(
    `the run in ${path} has no weights yet (${RUN_WEIGHTS}): go on with it until it ends${best}`,
  );
}

/**
 * The file of the weights of the package that have this name; `undefined` where there are none, or a file of that name exists.
 *
 * @example
 * const file = (await shippedWeights('general')) ?? 'general';
 */
export async function shippedWeights(name: string): Promise<string | undefined> {
  const path = isShippedDenoiser(name)
    ? shippedDenoiserPath(name)
    : isShippedUpscaler(name)
      ? shippedUpscalerPath(name)
      : undefined;
  if (path === undefined) return undefined;
  const exists = await stat(name).then(
    () => true,
    () => false,
  );
  return exists ? undefined : path;
}
