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
      return areFinite(tensor.data) ? undefined : tensor.data.find((value) => !Number.isFinite(value));
    case 'F16':
      return numberOf(tensor, EXPONENT_OF_F16);
    case 'BF16':
      return numberOf(tensor, EXPONENT_OF_BF16);
    default:
      return undefined;
  }
}

/**
 * Whether all are finite numbers. Zero times any of these is zero, and times others it is none: a plain sum takes a tenth of the
 * time of a question for each, which for twenty million numbers would hold the caller's thread for a third of a second.
 */
function areFinite(data: Float32Array | Float64Array): boolean {
  let nothing = 0;
  for (let i = 0; i < data.length; i++) nothing += (data[i] ?? 0) * 0;
  return nothing === 0;
}

/** Where all bits of the exponent are set, a number is NaN or infinite. */
const EXPONENT_OF_F16 = 0x7c00;
const EXPONENT_OF_BF16 = 0x7f80;

function numberOf(
  tensor: Extract<StoredTensor, { dtype: 'F16' | 'BF16' }>,
  exponent: number,
): number | undefined {
  let bits: number | undefined;
  for (let i = 0; i < tensor.data.length && bits === undefined; i++) {
    const half = tensor.data[i] ?? 0;
    if ((half & exponent) === exponent) bits = half;
  }
  return bits === undefined ? undefined : toFloat32({ ...tensor, shape: [1], data: Uint16Array.of(bits) })[0];
}
