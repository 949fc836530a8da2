import { storedParameters } from '../../models/index.js';
import { grouped, type TensorValue } from '../../tensor/index.js';
import type { StateGroups } from '../../training/index.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor, toFloat32 } from '../../weights/index.js';
import { tensorGroup } from '../folder/checkpoints.js';

/** The tensors of a file, by kind and key, as a training has them. */
export function groupsOf(tensors: ReadonlyMap<string, StoredTensor>): StateGroups<TensorValue> {
  const kinds = new Set([...tensors.keys()].map((name) => name.split('/', 1)[0] ?? name));
  return Object.fromEntries([...kinds].map((kind) => [kind, values(tensorGroup(tensors, kind))]));
}

/** The other way round: named `kind/key`. */
export function storedGroups(groups: StateGroups<TensorValue>): ReadonlyMap<string, StoredTensor> {
  const named = Object.entries(groups).flatMap(([kind, group]) => Object.entries(grouped(kind, group)));
  return storedParameters(Object.fromEntries(named));
}

function values(tensors: ReadonlyMap<string, StoredTensor>): Readonly<Record<string, TensorValue>> {
  return Object.fromEntries(
    [...tensors].map(([key, tensor]) => [
      key,
      { data: toFloat32(tensor), shape: tensor.shape, dtype: 'float32' },
    ]),
  );
}

/**
 * What members of a training send each other, as the bytes of a file: the same groups give the same bytes.
 *
 * @example
 * encodeState({ parameter });
 */
export const encodeState = (groups: StateGroups<TensorValue>): Uint8Array =>
  encodeSafetensors({ tensors: storedGroups(groups) });

/**
 * Reads {@link encodeState}.
 *
 * @param name what to call it in errors
 * @throws RevelaError for what is no such file
 */
export const decodeState = (bytes: Uint8Array, name?: string): StateGroups<TensorValue> =>
  groupsOf(decodeSafetensors(bytes, ...(name === undefined ? [] : [name])).tensors);
