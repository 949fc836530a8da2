import { pad, reshape, slice } from './operations/index.js';
import { extent } from './shape.js';
import type { Shape, Tensor } from './tensor.js';

/** Puts `upstream` where a slice of a tensor of `shape` took its elements from, zeros elsewhere: the adjoint of a slice. */
export function scatterSlice(
  upstream: Tensor,
  { starts, steps }: { readonly starts: readonly number[]; readonly steps: readonly number[] },
  shape: Shape,
): Tensor {
  let result = upstream;
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  for (const [axis, size] of shape.entries()) {
    const step = steps[axis] ?? 1;
    const length = extent(upstream.shape, axis);
    let start = starts[axis] ?? 0;
    if (step < 0) {
      result = slice(result, { axis, start: length - 1, length, step: -1 });
      start += step * (length - 1);
    }
    let covered = length;
    if (Math.abs(step) > 1) {
      result = spread(result, axis, Math.abs(step));
      covered = Math.min(length * Math.abs(step), size - start);
      result = slice(result, { axis, start: 0, length: covered });
    }
    before[axis] = start;
    after[axis] = size - start - covered;
  }
  return pad(result, before, after);
}

/** Follows every element of an axis with `step − 1` zeros. */
function spread(x: Tensor, axis: number, step: number): Tensor {
  const split = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
  const none = split.map(() => 0);
  const padded = pad(reshape(x, split), none, none.with(axis + 1, step - 1));
  return reshape(padded, x.shape.with(axis, extent(x.shape, axis) * step));
}
