import { RevelaError } from '../errors.js';
import type { StoredTensor } from './stored-tensor.js';
import { toFloat32 } from './to-float32.js';

/**
 * Refuses numbers that no computation can go on with: NaN and the infinities.
 *
 * @param name what holds the tensors, for the error: a file's path
 * @throws RevelaError that names the first tensor with such a number
 *
 * @example
 * const { tensors } = await readSafetensors('denoiser.safetensors');
 * assertFinite(tensors, 'denoiser.safetensors');
 */
export function assertFinite(tensors: ReadonlyMap<string, StoredTensor>, name: string): void {
  for (const [key, tensor] of tensors) {
    const value = firstNonFinite(tensor);
    if (value !== undefined) {
      throw new RevelaError(
        `${name} contains ${value} in tensor ${key}; the training that wrote it failed: use other weights`,
      );
    }
  }
}

function firstNonFinite(tensor: StoredTensor): number | undefined {
  switch (tensor.dtype) {
    case 'F64':
    case 'F32':
      return tensor.data.find((value) => !Number.isFinite(value));
    case 'F16':
    case 'BF16':
      return toFloat32(tensor).find((value) => !Number.isFinite(value));
    default:
      return undefined;
  }
}
