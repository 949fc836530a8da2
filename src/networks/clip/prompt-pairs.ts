import type { Tensor } from '../../tensor/index.js';
import {
  extent,
  formatShape,
  l2Normalise,
  matmul,
  multiply,
  reshape,
  slice,
  subtract,
} from '../../tensor/index.js';

/**
 * Pairs of texts as directions on the sphere: t₊ / ‖t₊‖ − t₋ / ‖t₋‖. They are all that is ever needed of the texts to
 * compare pictures with them.
 *
 * @param texts text features `[2·pairs, embed_dim]`, of any length: of every pair first the good one, then the bad one
 * @returns `[pairs, embed_dim]`
 *
 * @example
 * const directions = promptDirections(clipText(config, ends)(scope, vectors));
 */
export function promptDirections(texts: Tensor): Tensor {
  const [count, width] = [extent(texts.shape, 0), extent(texts.shape, 1)];
  if (count % 2 !== 0) throw new RangeError(`prompts come in pairs, got ${formatShape(texts.shape)}`);
  const pairs = reshape(l2Normalise(texts), [count / 2, 2, width]);
  const side = (index: number): Tensor =>
    reshape(slice(pairs, { axis: 1, start: index, length: 1 }), [count / 2, width]);
  return subtract(side(0), side(1));
}

/**
 * How much more pictures look like the first text of each pair than like the second: z = s·(cos(f, t₊) − cos(f, t₋)), the
 * logit of a softmax over the two, as in CLIP-IQA (AAAI 2023) and CLIP-LIT (ICCV 2023).
 *
 * @param embedding f, CLIP's image embeddings `[…, embed_dim]`, of any length
 * @param directions t₊ − t₋ of {@link promptDirections}, `[pairs, embed_dim]`
 * @param scale s; CLIP's own is about 100
 * @returns z `[…, pairs]`
 */
export function directionLogits(embedding: Tensor, directions: Tensor, scale: number): Tensor {
  return multiply(matmul(l2Normalise(embedding), directions, { transposeB: true }), scale);
}
