import { extent, formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';

function checkIndices(indices: Tensor, operation: string): void {
  if (indices.dtype !== 'int32' && indices.dtype !== 'int64')
    throw new TypeError(`${operation}: indices must be int32 or int64, got ${indices.dtype}`);
}

/**
 * Rows of a table: `out[i…, :] = table[indices[i…], :]`.
 * Shapes: table `[rows, …row]`, indices any, result `[…indices, …row]`.
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  checkIndices(indices, 'gather');
  extent(table.shape, 0);
  return createTensor(
    'gather',
    [table, indices],
    {},
    [...indices.shape, ...table.shape.slice(1)],
    table.dtype,
  );
}

/**
 * Adds rows into a table of zeros: `out[indices[i…], :] += updates[i…, :]`, the adjoint of {@link gather}.
 * Shapes: updates `[…indices, …row]`, result `[rows, …row]`.
 */
export function scatterAdd(updates: Tensor, indices: Tensor, rows: number): Tensor {
  checkIndices(indices, 'scatterAdd');
  const row = updates.shape.slice(indices.shape.length);
  if (!sameShape(updates.shape.slice(0, indices.shape.length), indices.shape))
    throw new RangeError(
      `scatterAdd: updates ${formatShape(updates.shape)} do not start with the indices' shape ${formatShape(indices.shape)}`,
    );
  return createTensor('scatterAdd', [updates, indices], {}, [rows, ...row], updates.dtype);
}
