import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { checked } from '../../options/index.js';
import { type IlNiqeFitOptions, ilNiqeFitOptions } from '../fit-options.js';
import { type NamedArray, readArrays, type StoredTensor, writeSafetensors } from '../../weights/index.js';
import { fitGaussian } from '../statistics/gaussian-model.js';
import type { IlNiqeModel } from './il-niqe.js';
import { ilNiqeFeatures, ilNiqePatches } from './il-niqe-patches.js';
import { symmetricEigen } from '../statistics/symmetric-eigen.js';

/** Fewer patches say little about 468 features. */
const fewestPatches = 100;

/**
 * Fits IL-NIQE's model of good photographs as its published training programs do: the sharp patches of each picture (of
 * 36), their principal components, and how these are distributed. A few seconds a picture.
 *
 * @param pictures good ones, about a hundred, best from a generator, so that one at a time is in memory
 * @throws RevelaError if a picture is too small (and `onSkip` is not given), or there are fewer than 100 sharp patches
 * @throws OptionError if the sharpness is not in [0, 1), or the share of components not in (0, 1]
 *
 * @example
 * async function* pictures() {
 *   for (const path of paths) yield await readPicture(path);
 * }
 * const model = await fitIlNiqeModel(pictures());
 */
export async function fitIlNiqeModel(
  pictures: Iterable<Planes> | AsyncIterable<Planes>,
  options: IlNiqeFitOptions = {},
): Promise<IlNiqeModel> {
  const asked = checked('fitIlNiqeModel', ilNiqeFitOptions, options);
  const { sharpness = 0.78, components: share = 0.92, onSkip } = asked;
  const rows: Float64Array[] = [];
  let index = 0;
  for await (const picture of pictures) {
    try {
      const patches = ilNiqePatches(picture).filter(({ features }) => features.every(Number.isFinite));
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
  if (rows.length < fewestPatches)
    throw new RevelaError(
      `${index === 1 ? 'the picture has' : `the ${index} pictures have`} ${rows.length} sharp patches; IL-NIQE's model needs at least ${fewestPatches}: give more pictures`,
    );
  return principalComponents(rows, share);
}

/**
 * The model of rows of features. In the coordinates of the principal components the mean is 0, and the covariance has
 * the eigenvalues on its diagonal.
 */
function principalComponents(rows: readonly Float64Array[], share: number): IlNiqeModel {
  const { mean, covariance } = fitGaussian(rows);
  const { values, vectors } = symmetricEigen(covariance, ilNiqeFeatures);
  const kept = Math.max(1, Math.floor(Math.min(ilNiqeFeatures, rows.length) * share));
  const spread = new Float64Array(kept * kept);
  for (let i = 0; i < kept; i++) spread[i * kept + i] = values[i] ?? 0;
  return {
    centre: mean,
    components: vectors.slice(0, kept * ilNiqeFeatures),
    distribution: { mean: new Float64Array(kept), covariance: spread },
  };
}

/**
 * Reads a model: one written here, or the `templateModel.mat` that IL-NIQE's MATLAB program comes with (a cell array of
 * mean, covariance, mean of the features, and directions as columns).
 *
 * @throws RevelaError, one line, if the file cannot be read or holds no such model
 *
 * @example
 * const model = await readIlNiqeModel('templateModel.mat');
 */
export async function readIlNiqeModel(path: string): Promise<IlNiqeModel> {
  const arrays = await readArrays(path);
  const cells = [...arrays].filter(([name]) => name.startsWith('templateModel{')).map(([, array]) => array);
  const [mean, covariance, centre, directions] =
    cells.length === 4
      ? [cells[0], cells[1], cells[2], transposed(cells[3])]
      : ['mean', 'covariance', 'centre', 'components'].map((name) => arrays.get(name));
  const kept = mean?.data.length ?? 0;
  const whole =
    kept > 0 &&
    covariance?.data.length === kept * kept &&
    centre?.data.length === ilNiqeFeatures &&
    directions?.data.length === kept * ilNiqeFeatures;
  if (
    mean === undefined ||
    covariance === undefined ||
    centre === undefined ||
    directions === undefined ||
    !whole
  )
    throw new RevelaError(
      `${path} holds no model of IL-NIQE: expected the cell array templateModel, or mean, covariance, centre and components for ${ilNiqeFeatures} features`,
    );
  if (![mean, covariance, centre, directions].every(({ data }) => data.every(Number.isFinite)))
    throw new RevelaError(`${path} holds values that are not numbers; fit or download the model again`);
  return {
    centre: centre.data,
    components: directions.data,
    distribution: { mean: mean.data, covariance: covariance.data },
  };
}

/**
 * Writes a model as safetensors: `mean`, `covariance`, `centre` and `components`, in double precision (3.1 MB for 430
 * components).
 *
 * @param metadata what else to write into the file's header, such as which pictures it was fitted on
 * @throws RevelaError if the file cannot be written
 *
 * @example
 * await writeIlNiqeModel('il-niqe.safetensors', await readIlNiqeModel('templateModel.mat'));
 */
export async function writeIlNiqeModel(
  path: string,
  { centre, components, distribution: { mean, covariance } }: IlNiqeModel,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const kept = mean.length;
  const tensors = new Map<string, StoredTensor>([
    ['mean', { dtype: 'F64', shape: [kept], data: mean }],
    ['covariance', { dtype: 'F64', shape: [kept, kept], data: covariance }],
    ['centre', { dtype: 'F64', shape: [ilNiqeFeatures], data: centre }],
    ['components', { dtype: 'F64', shape: [kept, ilNiqeFeatures], data: components }],
  ]);
  await writeSafetensors(path, { tensors, metadata: { measure: 'il-niqe', ...metadata } });
}

/** Columns as rows, of an array with two dimensions. */
function transposed(array: NamedArray | undefined): NamedArray | undefined {
  const [rows = 0, columns = 0] = array?.shape ?? [];
  if (array === undefined || array.shape.length !== 2) return undefined;
  const data = new Float64Array(array.data.length);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) data[x * rows + y] = array.data[y * columns + x] ?? 0;
  return { shape: [columns, rows], data };
}
