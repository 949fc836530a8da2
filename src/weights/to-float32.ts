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
      return fromHalf(tensor.data);
    case 'I64':
    case 'U64':
      return new Float32Array(tensor.data.length).map((_, i) => Number(tensor.data[i]));
    default:
      return new Float32Array(tensor.data);
  }
}

/** The bits of a BF16 number are the upper half of those of the float32 of the same value. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** Adds to an exponent that was shifted into a float32's place what the formats' biases, 127 and 15, differ by. */
const REBIAS = (127 - 15) << 23;

/** Bits are shifted to where they belong; arithmetic on each number would take long, and networks have 10⁸ of them. */
function fromHalf(halves: Uint16Array): Float32Array {
  const numbers = new Float32Array(halves.length);
  const bits = new Uint32Array(numbers.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] ?? 0;
    const magnitude = half & 0x7fff;
    const isNormal = magnitude >= 0x400 && magnitude < 0x7c00;
    if (isNormal) bits[i] = ((half & 0x8000) << 16) | ((magnitude << 13) + REBIAS);
    else numbers[i] = halfToNumber(half);
  }
  return numbers;
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
