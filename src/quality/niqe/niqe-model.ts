import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { checked } from '../../options/index.js';
import { type NiqeFitOptions, niqeFitOptions } from '../fit-options.js';
import { type NamedArray, readArrays, type StoredTensor, writeSafetensors } from '../../weights/index.js';
import { fitGaussian } from '../statistics/gaussian-model.js';
import type { NiqeModel } from './niqe.js';
import { niqeFeatures, niqePatches } from './niqe-patches.js';

/** Names of the mean and the covariance in the public files, and in those that are written here. */
const meanNames = ['mean', 'mu_pris_param', 'mu_prisparam'];
const covarianceNames = ['covariance', 'cov_pris_param', 'cov_prisparam'];

/**
 * Fits NIQE's model of good photographs, as `estimatemodelparam.m` of its release does: of each picture the sharp
 * patches, of all of them mean and covariance.
 *
 * @param pictures good ones, of one kind; a hundred or so, best from a generator, so that one at a time is in memory
 * @throws RevelaError if a picture is too small (and `onSkip` is not given), or if there are too few sharp patches: more
 *   than 36 are needed, and thousands are better
 * @throws OptionError if the sharpness is not in [0, 1)
 *
 * @example
 * async function* pictures() {
 *   for (const path of paths) yield await readPicture(path);
 * }
 * const model = await fitNiqeModel(pictures());
 * await writeNiqeModel('mine.safetensors', model);
 */
export async function fitNiqeModel(
  pictures: Iterable<Planes> | AsyncIterable<Planes>,
  options: NiqeFitOptions = {},
): Promise<NiqeModel> {
  const { sharpness = 0.75, onSkip } = checked('fitNiqeModel', niqeFitOptions, options);
  const rows: Float64Array[] = [];
  let index = 0;
  for await (const picture of pictures) {
    try {
      const patches = niqePatches(picture);
      const sharpest = patches.reduce((most, patch) => Math.max(most, patch.sharpness), 0);
      for (const patch of patches) {
        if (patch.sharpness > sharpness * sharpest) rows.push(patch.features);
      }
    } catch (error) {
      if (onSkip === undefined || !(error instanceof RevelaError)) throw error;
      onSkip(error, index);
    }
    index += 1;
  }
  const { mean, covariance, complete } = fitGaussian(rows);
  if (complete <= niqeFeatures)
    throw new RevelaError(
      `${index === 1 ? 'the picture has' : `the ${index} pictures have`} ${complete} sharp patches of 96×96 pixels with texture; NIQE's model needs more than ${niqeFeatures}: give more or larger pictures`,
    );
  return { mean, covariance };
}

/**
 * Reads a model: one written here, BasicSR's `niqe_pris_params.npz`, or `modelparameters.mat` of NIQE's MATLAB release.
 *
 * @throws RevelaError, one line, if the file cannot be read or holds no such model
 *
 * @example
 * const model = await readNiqeModel('niqe_pris_params.npz');
 */
export async function readNiqeModel(path: string): Promise<NiqeModel> {
  const arrays = await readArrays(path);
  const mean = find(arrays, meanNames, niqeFeatures);
  const covariance = find(arrays, covarianceNames, niqeFeatures ** 2);
  if (mean === undefined || covariance === undefined)
    throw new RevelaError(
      `${path} holds no model of NIQE: expected a mean of ${niqeFeatures} numbers (mu_prisparam) and their covariance (cov_prisparam); it has ${[...arrays.keys()].slice(0, 5).join(', ') || 'no arrays'}`,
    );
  if (![...mean, ...covariance].every(Number.isFinite))
    throw new RevelaError(`${path} holds values that are not numbers; fit or download the model again`);
  return { mean, covariance };
}

/**
 * Writes a model as safetensors: `mean` `[36]` and `covariance` `[36, 36]`, in double precision.
 *
 * @param metadata what else to write into the file's header, such as which pictures it was fitted on
 * @throws RevelaError if the file cannot be written
 *
 * @example
 * await writeNiqeModel('niqe.safetensors', await readNiqeModel('niqe_pris_params.npz'));
 */
export async function writeNiqeModel(
  path: string,
  { mean, covariance }: NiqeModel,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tensors = new Map<string, StoredTensor>([
    ['mean', { dtype: 'F64', shape: [niqeFeatures], data: mean }],
    ['covariance', { dtype: 'F64', shape: [niqeFeatures, niqeFeatures], data: covariance }],
  ]);
  await writeSafetensors(path, { tensors, metadata: { measure: 'niqe', ...metadata } });
}

/** The first array of one of the names that has so many numbers. */
function find(
  arrays: ReadonlyMap<string, NamedArray>,
  names: readonly string[],
  length: number,
): Float64Array | undefined {
  return names.map((name) => arrays.get(name)?.data).find((data) => data?.length === length);
}
