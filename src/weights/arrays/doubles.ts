import type { StoredTensor } from '../stored-tensor.js';
import { toFloat32 } from '../to-float32.js';

/** A copy of the numbers of a tensor as float64, in row-major order: exact, but for whole numbers beyond 2⁵³. */
export function doublesOf(tensor: StoredTensor): Float64Array<ArrayBuffer> {
  switch (tensor.dtype) {
    case 'F16':
    case 'BF16':
      return new Float64Array(toFloat32(tensor));
    case 'I64':
    case 'U64':
      return new Float64Array(tensor.data.length).map((_, i) => Number(tensor.data[i]));
    default:
      return new Float64Array(tensor.data);
  }
}
