import { add, matmul, multiply, reshape, softmax, transpose } from '../operations/index.js';
import { extent, formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** x·weightᵀ + bias over the last axis. x: `[…, in]`, weight: `[out, in]`, bias: `[out]`. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const rows = reshape(x, [-1, extent(x.shape, -1)]);
  const product = matmul(rows, weight, { transposeB: true });
  return reshape(bias === undefined ? product : add(product, bias), [
    ...x.shape.slice(0, -1),
    extent(weight.shape, 0),
  ]);
}

/** softmax(q·kᵀ/√d)·v over the last two axes. */
export function scaledDotProductAttention(q: Tensor, k: Tensor, v: Tensor): Tensor {
  const scale = 1 / Math.sqrt(extent(q.shape, -1));
  return matmul(softmax(multiply(matmul(q, k, { transposeB: true }), scale)), v);
}

/** `[batch, tokens, width]` → `[batch, heads, tokens, width / heads]` */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, width] = [extent(x.shape, 0), extent(x.shape, 1), extent(x.shape, 2)];
  if (width % heads !== 0)
    throw new RangeError(`splitHeads: ${formatShape(x.shape)} does not divide into ${heads} heads`);
  return transpose(reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

/** `[batch, heads, tokens, width]` → `[batch, tokens, heads·width]` */
export function mergeHeads(x: Tensor): Tensor {
  const merged = transpose(x, [0, 2, 1, 3]);
  return reshape(merged, [extent(merged.shape, 0), extent(merged.shape, 1), -1]);
}
