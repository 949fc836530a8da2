import type { TensorOf } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import { isPointwise, upstreamPadding } from '../convolution-geometry.js';
import { paysInPairs } from './convolutions.js';
import type { Step } from './kernel.js';
import { type Planning, step, taken } from './planning.js';
import { stripsOf } from './strips.js';

/** From blocked images; undefined where the plain ones are better. */
function fromBlocks(tensor: TensorOf<'convolutionWeightGradient'>, planning: Planning): Step | undefined {
  const { block, costs, forms } = planning;
  if (block === undefined) return undefined;
  const [x, upstream] = tensor.inputs;
  const takes = [...taken('plain', x), ...taken('blocked', upstream)];
  const strips = stripsOf(tensor, block, costs);
  if (strips !== undefined) return step({ kind: 'strips', tensor, strips }, takes, 'plain');
  if (!isPointwise(tensor.attributes, tensor.shape) || !forms.liesBlocked(upstream)) return undefined;
  return step({ kind: 'blocked pointwise weight gradient', tensor }, takes, 'plain');
}

/**
 * Whether the gradient of a 1×1 convolution is one product over all images: where moving the batch to the end costs less than a
 * matrix `[out, in]` per image does.
 */
function mixesAtOnce(tensor: TensorOf<'convolutionWeightGradient'>, { forms }: Planning): boolean {
  const [x, upstream] = tensor.inputs;
  const [batch, into, height, width] = imageShape(x, 'convolutionWeightGradient');
  const [, out] = imageShape(upstream, 'convolutionWeightGradient');
  const lying = forms.has(x, 'batch-last') && forms.has(upstream, 'batch-last');
  return batch > 1 && (lying || height * width * (into + out) < into * out);
}

/** How the gradient of a convolution in its weight is computed. */
export function planWeightGradient(tensor: TensorOf<'convolutionWeightGradient'>, planning: Planning): Step {
  const blocked = fromBlocks(tensor, planning);
  if (blocked !== undefined) return blocked;
  const [x, upstream] = tensor.inputs;
  const [plain, columns] = [taken('plain', x, upstream), taken('batch-last', x, upstream)];
  if (isPointwise(tensor.attributes, tensor.shape))
    return mixesAtOnce(tensor, planning)
      ? step({ kind: 'mixed weight gradient', tensor }, columns, 'plain')
      : step({ kind: 'weight gradient per image', tensor }, plain, 'plain');
  if (paysInPairs(tensor.attributes, tensor.shape, [x.shape, upstream.shape], planning))
    return step({ kind: 'pairs of weight', tensor }, columns, 'plain');
  const [, into] = imageShape(x, 'convolutionWeightGradient');
  const [, out] = imageShape(upstream, 'convolutionWeightGradient');
  if (tensor.attributes.groups === 1 && Math.min(into, out) <= planning.costs.fewChannels) {
    if (into <= out) return step({ kind: 'taps of few', tensor }, plain, 'plain');
    if (upstreamPadding(tensor) !== undefined)
      return step({ kind: 'taps of few upstream', tensor }, plain, 'plain');
  }
  return step({ kind: 'primitive', tensor }, plain, 'plain');
}
