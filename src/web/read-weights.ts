import { RevelaError } from '../errors.js';
import { distilled, sdap } from '../denoise/index.js';
import { type LearntWeights, recogniseNetwork } from '../networks/index.js';
import { float32Parameters, parseRecord } from '../models/anywhere.js';
import { decodeSafetensors } from '../weights/anywhere.js';

/** The files of weights that the package ships, by what the page calls them. */
export const weightsFiles = {
  general: 'general-resunet-32x1.safetensors',
  'self-supervised': 'sdap-dbsnl-32x3.safetensors',
  photo: 'photo-span-48-x4.safetensors',
  faithful: 'faithful-span-48-x4.safetensors',
  scorer: 'graded-scorer-32.safetensors',
} as const;

/** The name of weights of the package. */
export type WeightsName = keyof typeof weightsFiles;

/** A network with its parameters, of the bytes of a file of weights. */
export function weightsOf(bytes: Uint8Array, name: string): LearntWeights {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const recognised = recogniseNetwork(
    Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape])),
  );
  if (recognised === undefined) throw new RevelaError(`${name} holds no network that is known`);
  const { architecture, description } = recognised;
  const kept = [...tensors].filter(([key]) => !architecture.isBuffer(key, description.config));
  const parameters = float32Parameters(new Map(kept), name);
  // Without the name of a method, as Node takes it.
  const unnamed = description.blindSpot ? sdap.name : distilled.name;
  const { method = unnamed, licence = 'unknown', training } = metadata;
  return { method, description, parameters, record: parseRecord(training), licence };
}

/** NIQE's model of good photographs, of the package. */
const niqeFile = 'niqe-photos.safetensors';

/**
 * Fetches weights of the package from the page's own server.
 *
 * @param folder where they are, with a slash at its end
 * @throws RevelaError where they cannot be had
 */
export async function fetchWeights(folder: string, name: WeightsName): Promise<LearntWeights> {
  const file = weightsFiles[name];
  return weightsOf(await fetchFile(folder, file), file);
}

/** Fetches the model that NIQE measures by; see {@link fetchWeights}. */
export async function fetchNiqeModel(
  folder: string,
): Promise<{ readonly mean: Float64Array; readonly covariance: Float64Array }> {
  const { tensors } = decodeSafetensors(await fetchFile(folder, niqeFile), niqeFile);
  const [mean, covariance] = [tensors.get('mean')?.data, tensors.get('covariance')?.data];
  if (!(mean instanceof Float64Array && covariance instanceof Float64Array))
    throw new RevelaError(`${niqeFile} holds no model of NIQE`, { code: 'ERR_WEIGHTS' });
  return { mean, covariance };
}

async function fetchFile(folder: string, file: string): Promise<Uint8Array> {
  const response = await fetch(`${folder}${file}`).catch((error: unknown) => {
    throw new RevelaError(`the weights ${file} could not be fetched: ${String(error)}`);
  });
  if (!response.ok) throw new RevelaError(`the weights ${file} are not on the server (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
