import { broadcastShapes, extent, formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';

/** Transpose the last two axes of an operand before multiplying. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product over the last two axes, leading axes broadcast: `[…, m, k] · […, k, n] → […, m, n]`.
 *
 * @example
 * matmul(x, weight, { transposeB: true }); // x · weightᵀ
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  if (a.shape.length < 2 || b.shape.length < 2)
    throw new RangeError(
      `matmul: needs two matrices, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  const [rows, innerA] = transposeA
    ? [extent(a.shape, -1), extent(a.shape, -2)]
    : [extent(a.shape, -2), extent(a.shape, -1)];
  const [innerB, columns] = transposeB
    ? [extent(b.shape, -1), extent(b.shape, -2)]
    : [extent(b.shape, -2), extent(b.shape, -1)];
  if (innerA !== innerB)
    throw new RangeError(
      `matmul: inner extents ${innerA} and ${innerB} differ (${formatShape(a.shape)} · ${formatShape(b.shape)})`,
    );
  const leading = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), 'matmul');
  return createTensor('matmul', [a, b], { transposeA, transposeB }, [...leading, rows, columns], a.dtype);
}
