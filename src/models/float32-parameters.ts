import { floatsOf, type TensorValue } from '../tensor/index.js';
import { type StoredTensor, assertFinite, toFloat32 } from '../weights/anywhere.js';

/**
 * Tensors of a file as float32 parameters by key, whatever precision they are stored in.
 *
 * @throws RevelaError that names a tensor with NaN or infinity
 */
export function float32Parameters(
  tensors: ReadonlyMap<string, StoredTensor>,
  path: string,
): Readonly<Record<string, TensorValue>> {
  assertFinite(tensors, path);
  const parameters: Record<string, TensorValue> = {};
  for (const [key, tensor] of tensors)
    parameters[key] = { data: toFloat32(tensor), shape: tensor.shape, dtype: 'float32' };
  return parameters;
}

/** Parameters as the tensors of a file, in float32, by key: the other way round than {@link float32Parameters}. Their arrays are shared. */
export function storedParameters(
  parameters: Readonly<Record<string, TensorValue>>,
): ReadonlyMap<string, StoredTensor> {
  return new Map(
    Object.entries(parameters).map(([key, { shape, data }]) => [
      key,
      { dtype: 'F32', shape, data: floatsOf(data) },
    ]),
  );
}
