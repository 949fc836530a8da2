import type { ConvolutionGeometry, Shape, Tensor, TensorOf } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import { backwardPadding, isDepthwise, isPointwise } from '../convolution-geometry.js';
import type { Step } from './kernel.js';
import {
  type BlockedPlanning,
  isFed,
  mayLieBatchLast,
  pixelsOf,
  type Planning,
  step,
  taken,
} from './planning.js';

/**
 * Whether a convolution from `into` to `out` channels gains by the blocked form. A 1×1 convolution is a product of matrices
 * and as fast in the plain form, so it gains only where its image lies blocked already.
 *
 * @param x what it convolves
 * @param result an image of as many pixels as it computes
 */
function gainsByBlocks(
  { x, result, way }: { readonly x: Tensor; readonly result: Tensor; readonly way: 'forward' | 'backward' },
  [out, into, height, width]: readonly [number, number, number, number],
  groups: number,
  { block, forms, costs }: BlockedPlanning,
): boolean {
  if (groups !== 1 || out % block !== 0 || into % block !== 0) return false;
  if (pixelsOf(result) < costs.blockedPixels[way]) return false;
  return height * width > 1 || forms.liesBlocked(x);
}

/** A blocked convolution waits, so that an activation or a sum that follows can be computed in the same pass. */
const waitingForOne = (planned: Step, tensor: Tensor, { uses }: Planning): Step => ({
  ...planned,
  waits: uses(tensor) === 1,
});

/** A convolution in blocks of channels; undefined where the plain form is better. */
function inBlocks(tensor: TensorOf<'convolution'>, planning: BlockedPlanning): Step | undefined {
  const found = planning.winograd.get(tensor);
  if (found !== undefined)
    return step(
      { kind: 'winograd', tensor, convolution: found },
      taken('transformed', ...found.parts),
      'points',
    );
  const [x, weight, bias] = tensor.inputs;
  // Where Winograd's convolutions left a blocked image, ONNX Runtime would not find out.
  const goesOn = planning.winograd.size > 0 && planning.forms.liesBlocked(x);
  const shape = imageShape(weight, 'convolution');
  const convolved = { x, result: tensor, way: 'forward' } as const;
  if (!(isFed(weight) || goesOn) || !gainsByBlocks(convolved, shape, tensor.attributes.groups, planning))
    return undefined;
  const takes = [...taken('blocked', x), ...taken('plain', weight, bias)];
  return waitingForOne(
    step({ kind: 'blocked convolution', tensor, passing: {} }, takes, 'blocked'),
    tensor,
    planning,
  );
}

/** The same of the gradient in the input: at stride 1 a convolution of the upstream gradient with the turned weight. */
function backInBlocks(
  tensor: TensorOf<'convolutionInputGradient'>,
  planning: BlockedPlanning,
): Step | undefined {
  const [upstream, weight] = tensor.inputs;
  const [out, into, height, width] = imageShape(weight, 'convolutionInputGradient');
  if (backwardPadding(tensor) === undefined || !isFed(weight)) return undefined;
  const convolved = { x: upstream, result: tensor, way: 'backward' } as const;
  if (!gainsByBlocks(convolved, [into, out, height, width], tensor.attributes.groups, planning))
    return undefined;
  const takes = [...taken('blocked', upstream), ...taken('plain', weight)];
  return waitingForOne(
    step({ kind: 'blocked input gradient', tensor, passing: {} }, takes, 'blocked'),
    tensor,
    planning,
  );
}

/**
 * Whether a 1×1 convolution of an image, or its gradient in the input, is better written as one product of matrices over the
 * batch: where the image lies for it already, or has few pixels. Only where the weight is fed: constant ones ONNX Runtime
 * lays out for its own convolution.
 */
function mixesAsOne(
  { inputs: [image, weight], attributes }: TensorOf<'convolution'> | TensorOf<'convolutionInputGradient'>,
  planning: Planning,
): boolean {
  const [, , height, width] = imageShape(image, 'convolution');
  return (
    mayLieBatchLast(image, planning) &&
    (height * width <= planning.costs.mixedPixels || planning.forms.has(image, 'batch-last')) &&
    isFed(weight) &&
    isPointwise(attributes, weight.shape)
  );
}

/** Whether a depthwise convolution from images of one shape to another is best written as products of matrices. */
export function paysInPairs(
  geometry: ConvolutionGeometry,
  weight: Shape,
  images: readonly [x: Shape, y: Shape],
  { costs }: Planning,
): boolean {
  const [x = 1, y = 1] = images.map(([, , height = 1, width = 1]) => height * width);
  return isDepthwise(geometry, weight) && x * y <= costs.depthwisePairs;
}

/**
 * Whether a convolution goes from many channels to as few as pictures have, where ONNX Runtime's own would leave most of its
 * registers empty.
 */
function goesToFew(tensor: TensorOf<'convolution'>, { device, costs }: Planning): boolean {
  const { stride, groups } = tensor.attributes;
  const [out, into, height, width] = imageShape(tensor.inputs[1], 'convolution');
  return (
    device === 'cpu' &&
    isFed(tensor.inputs[1]) &&
    groups === 1 &&
    stride.every((pixels) => pixels === 1) &&
    height * width > 1 &&
    out <= costs.fewChannels &&
    into >= costs.manyTimesFew * costs.fewChannels
  );
}

/** How a convolution is computed. */
export function planConvolution(tensor: TensorOf<'convolution'>, planning: Planning): Step {
  const { block, device } = planning;
  const blocked = block === undefined ? undefined : inBlocks(tensor, { ...planning, block });
  if (blocked !== undefined) return blocked;
  const [x, weight, bias] = tensor.inputs;
  const columns = [...taken('batch-last', x), ...taken('plain', weight, bias)];
  if (mixesAsOne(tensor, planning)) return step({ kind: 'mix', tensor }, columns, 'batch-last');
  // Only where the weight is fed: constant ones ONNX Runtime lays out for its own convolution, which is made for large images.
  const small = paysInPairs(tensor.attributes, weight.shape, [x.shape, tensor.shape], planning);
  if (device === 'cpu' && isFed(weight) && small)
    return step({ kind: 'pairs', tensor }, columns, 'batch-last');
  const plain = taken('plain', x, weight, bias);
  return step({ kind: goesToFew(tensor, planning) ? 'taps to few' : 'primitive', tensor }, plain, 'plain');
}

/** How the gradient of a convolution in its input is computed. */
export function planInputGradient(tensor: TensorOf<'convolutionInputGradient'>, planning: Planning): Step {
  const { block, device, costs } = planning;
  const blocked = block === undefined ? undefined : backInBlocks(tensor, { ...planning, block });
  if (blocked !== undefined) return blocked;
  const [upstream, weight] = tensor.inputs;
  const { stride, groups } = tensor.attributes;
  const columns = [...taken('batch-last', upstream), ...taken('plain', weight)];
  if (mixesAsOne(tensor, planning)) return step({ kind: 'mix back', tensor }, columns, 'batch-last');
  const small = paysInPairs(tensor.attributes, weight.shape, [tensor.shape, upstream.shape], planning);
  if (device === 'cpu' && isFed(weight) && small)
    return step({ kind: 'pairs back', tensor }, columns, 'batch-last');
  const [batch] = imageShape(upstream, 'convolutionInputGradient');
  const [, , height, width] = imageShape(tensor, 'convolutionInputGradient');
  const few = device === 'cpu' && groups === 1 && batch * height * width <= costs.transposedPixels;
  const strided = stride[0] > 1 || stride[1] > 1;
  const transposed = few || (device !== 'webgpu' && strided);
  return step(
    { kind: transposed ? 'transposed convolution' : 'primitive', tensor },
    taken('plain', upstream, weight),
    'plain',
  );
}
