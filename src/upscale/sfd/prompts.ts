import { directionLogits, promptDirections } from '../../networks/index.js';
import type { Tensor } from '../../tensor/index.js';
import { broadcastTo, concat, extent, formatShape, reshape, slice } from '../../tensor/index.js';

/**
 * Learnable prompt pairs (LPP of SFD, CVPR 2025) as CLIP's text encoder reads them: `[start, V₁ … Vₘ, end]`, where the Vs are
 * learnt in place of words (CoOp, IJCV 2022). That the pairs are learnt adversarially is stated by the paper; their number
 * and length are not, and are *inferred*.
 *
 * @param context the vectors V, `[2·pairs, M, width]`: of every pair first that of good pictures, then that of bad ones
 * @param marks the vectors of the start and of the end token, `[2, width]`, not learnt
 * @returns `[2·pairs, M + 2, width]`; the texts end at token M + 1
 *
 * @example
 * const text = clipText(config, promptEnds(context))(scope, promptVectors(context, marks));
 */
export function promptVectors(context: Tensor, marks: Tensor): Tensor {
  const [texts, width] = [extent(context.shape, 0), extent(context.shape, 2)];
  if (texts % 2 !== 0) throw new RangeError(`prompts come in pairs, got ${formatShape(context.shape)}`);
  const mark = (index: number): Tensor =>
    broadcastTo(reshape(slice(marks, { axis: 0, start: index, length: 1 }), [1, 1, width]), [
      texts,
      1,
      width,
    ]);
  return concat([mark(0), context, mark(1)], 1);
}

/** Where the texts of {@link promptVectors} end, for CLIP's text encoder. */
export function promptEnds(context: { readonly shape: readonly number[] }): readonly number[] {
  const [texts = 0, tokens = 0] = context.shape;
  return Array.from({ length: texts }, () => tokens + 1);
}

/**
 * What prompt pairs say of pictures: {@link directionLogits} of their {@link promptDirections}.
 *
 * @param embedding f, CLIP's image embeddings `[batch, embed_dim]`, of any length
 * @param texts t, CLIP's text features of the prompts `[2·pairs, embed_dim]`, of any length
 * @param scale s; CLIP's own is about 100
 * @returns z = s·(cos(f, t₊) − cos(f, t₋)), `[batch, pairs]`
 */
export function promptLogits(embedding: Tensor, texts: Tensor, scale: number): Tensor {
  return directionLogits(embedding, promptDirections(texts), scale);
}
