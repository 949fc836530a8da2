import { RevelaError } from '../errors.js';
import { type LearntWeights, recogniseNetwork } from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { assertFinite, decodeSafetensors, toFloat32 } from '../weights/anywhere.js';

/** The files of weights that the package ships, by what the page calls them. */
export const weightsFiles = {
  general: 'general-resunet-32x1.safetensors',
  photo: 'photo-span-48-x4.safetensors',
  faithful: 'faithful-span-48-x4.safetensors',
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
  assertFinite(tensors, name);
  const parameters: Record<string, TensorValue> = {};
  for (const [key, tensor] of tensors) {
    if (architecture.isBuffer(key, description.config)) continue;
    parameters[key] = { data: toFloat32(tensor), shape: tensor.shape, dtype: 'float32' };
  }
  const { method = 'supervised', licence = 'unknown' } = metadata;
  return { method, description, parameters, record: {}, licence };
}

/**
 * Fetches weights of the package from the page's own server.
 *
 * @param folder where they are, with a slash at its end
 * @throws RevelaError where they cannot be had
 */
export async function fetchWeights(folder: string, name: WeightsName): Promise<LearntWeights> {
  const file = weightsFiles[name];
  const response = await fetch(`${folder}${file}`).catch((error: unknown) => {
    throw new RevelaError(`the weights ${file} could not be fetched: ${String(error)}`);
  });
  if (!response.ok) throw new RevelaError(`the weights ${file} are not on the server (${response.status})`);
  return weightsOf(new Uint8Array(await response.arrayBuffer()), file);
}
