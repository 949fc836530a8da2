import type { StoredTensor } from './stored-tensor.js';

/**
 * The numbers of a tensor as float32, in row-major order: an F32 tensor's own array (not a copy), anything else
 * converted. F16 and BF16 fit exactly, F64 is rounded, whole numbers beyond 2²⁴ are rounded, BOOL becomes 0 and 1.
 *
 * @example
 * const weight = toFloat32(tensor); // Float32Array of shape tensor.shape
 */
export function toFloat32(tensor: StoredTensor): Float32Array {
  switch (tensor.dtype) {
    case 'F32':
      return tensor.data;
    case 'BF16':
      return fromBfloat16(tensor.data);
    case 'F16':
      return Float32Array.from(tensor.data, halfToNumber);
    case 'I64':
    case 'U64':
      return Float32Array.from(tensor.data, Number);
    default:
      return Float32Array.from(tensor.data);
  }
}

/** The bits of a BF16 number are the upper half of those of the float32 of the same value. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** (−1)^sign · 2^(exponent − 15) · (1 + fraction / 1024), or 2^−14 · fraction / 1024 where the exponent is 0. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
