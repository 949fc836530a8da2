import type { Shape, Tensor, TensorOf } from '../../tensor/index.js';
import { elementCount, extent, isPrimitive, sameShape } from '../../tensor/index.js';
import type { Attribute } from '../emitter.js';
import type { Kernel, Step } from './kernel.js';
import { fillsBlocks, mayLieBatchLast, type Planning, step, taken } from './planning.js';
import { present } from '../../present.js';

/** An operation that works on each number by itself does so in blocks, if its operands share them or are scalars. */
function elementwiseInBlocks(tensor: Tensor, { forms, block }: Planning): Step | undefined {
  if (block === undefined || !fillsBlocks(tensor, block)) return undefined;
  const isImage = (input: Tensor): boolean => sameShape(input.shape, tensor.shape);
  if (tensor.inputs.some((input) => !isImage(input) && elementCount(input.shape) !== 1)) return undefined;
  const images = tensor.inputs.filter(isImage);
  if (!images.some((input) => forms.liesBlocked(input))) return undefined;
  const layout = images.some((input) => forms.liesPhased(input)) ? 'phased' : 'blocked';
  const takes = tensor.inputs.flatMap((input) => taken(isImage(input) ? layout : 'plain', input));
  return step({ kind: 'primitive', tensor }, takes, layout);
}

/** Whether an operand has its own number for every pixel, or one for all of them. */
function isOfPixels(operand: Shape, [, , height = 1, width = 1]: Shape): boolean {
  const [, , rows = 1, columns = 1] = operand;
  const all = rows === height && columns === width;
  return operand.length === 4 && (all || (rows === 1 && columns === 1));
}

/** The same where the batch comes last; the other operands are images, or one number for all. */
function elementwiseBatchLast(tensor: Tensor, planning: Planning): Step | undefined {
  const { shape, inputs } = tensor;
  const fits = (x: Tensor): boolean => x.shape.length === 0 || isOfPixels(x.shape, shape);
  if (!mayLieBatchLast(tensor, planning) || !inputs.every(fits)) return undefined;
  if (!inputs.some((x) => sameShape(x.shape, shape) && planning.forms.has(x, 'batch-last'))) return undefined;
  const takes = inputs.flatMap((x) => taken(x.shape.length === 0 ? 'plain' : 'batch-last', x));
  return step({ kind: 'primitive', tensor }, takes, 'batch-last');
}

/** An operation on each number goes on in the layout that its operands have. */
export const planElementwise = (tensor: Tensor, planning: Planning): Step | undefined =>
  elementwiseInBlocks(tensor, planning) ?? elementwiseBatchLast(tensor, planning);

/** Blocked images are joined as they are. */
export function planConcat(
  tensor: TensorOf<'concat'> & Tensor,
  { forms, block }: Planning,
): Step | undefined {
  const { inputs, attributes } = tensor;
  if (block === undefined || attributes.axis !== 1) return undefined;
  if (!inputs.every((input) => fillsBlocks(input, block))) return undefined;
  if (!inputs.some((input) => forms.liesBlocked(input))) return undefined;
  return step({ kind: 'primitive', tensor }, taken('blocked', ...inputs), 'blocked');
}

/** A range of channels of whole blocks. */
export function planSlice(tensor: TensorOf<'slice'> & Tensor, { forms, block }: Planning): Step | undefined {
  const [x] = tensor.inputs;
  const { starts, steps } = tensor.attributes;
  if (
    block === undefined ||
    !forms.liesBlocked(x) ||
    ![x, tensor].every((image) => fillsBlocks(image, block))
  )
    return undefined;
  const whole = tensor.shape.every(
    (length, axis) => axis === 1 || ((starts[axis] ?? 0) === 0 && length === extent(x.shape, axis)),
  );
  if (!whole || steps.some((by) => by !== 1) || (starts[1] ?? 0) % block !== 0) return undefined;
  return step({ kind: 'primitive', tensor }, taken('blocked', x), 'blocked');
}

function windows(
  x: Tensor,
  operator: 'MaxPool' | 'AveragePool' | 'Upsample',
  attributes: Readonly<Record<string, Attribute>>,
  { forms, block }: Planning,
  factor?: number,
): Step | undefined {
  if (block === undefined || !forms.liesBlocked(x) || !fillsBlocks(x, block)) return undefined;
  const kernel: Kernel = {
    kind: 'windows',
    operator,
    attributes,
    ...present({ factor }),
  };
  return step(kernel, taken('blocked', x), 'blocked');
}

/** Windows of a blocked image. */
export const planMaxPool = (
  { inputs: [x], attributes: { kernel, stride, padding } }: TensorOf<'maxPool'>,
  planning: Planning,
): Step | undefined =>
  windows(x, 'MaxPool', { kernel_shape: kernel, strides: stride, pads: padding }, planning);

/** Repeated pixels of a blocked image. */
export const planUpsample = (
  { inputs: [x], attributes: { factor } }: TensorOf<'upsample'>,
  planning: Planning,
): Step | undefined => windows(x, 'Upsample', { scales: [1, 1, factor, factor], mode: 'nearest' }, planning);

/** Sums of blocks of pixels of a blocked image, as means. */
export function planBlockSum(
  { inputs: [x], attributes: { factor } }: TensorOf<'blockSum'>,
  planning: Planning,
): Step | undefined {
  const side = [factor, factor];
  const attributes = { kernel_shape: side, strides: side, pads: [0, 0, 0, 0] };
  return windows(x, 'AveragePool', attributes, planning, factor * factor);
}

/** Axes over which an image whose batch comes last is summed, and the layout of the result. */
const batchLastSums: Readonly<Record<string, 'plain' | 'batch-last'>> = {
  '1': 'batch-last',
  '2,3': 'batch-last',
  '0,1,2,3': 'plain',
  '0,2,3': 'plain',
};

/** Sums: of blocked channels, as the gradient of a bias; of images whose batch comes last; of squares that nobody writes down. */
export function planReduction(tensor: TensorOf<'sum'> & Tensor, planning: Planning): Step | undefined {
  const { forms, block, steps } = planning;
  const [x] = tensor.inputs;
  const axes = tensor.attributes.axes.join();
  if (block !== undefined && axes === '0,2,3' && forms.liesBlocked(x) && fillsBlocks(x, block))
    return step({ kind: 'channel sums', tensor }, taken('blocked', x), 'plain');
  const result = batchLastSums[axes];
  const lies = forms.has(x, 'batch-last') && x.shape.length === 4 && mayLieBatchLast(x, planning);
  if (lies && result !== undefined)
    return step({ kind: 'batch-last sum', tensor }, taken('batch-last', x), result);
  const squares =
    isPrimitive(x, 'multiply') && x.inputs[0] === x.inputs[1] && steps.get(x)?.gives === 'plain';
  return squares ? step({ kind: 'sum of squares', tensor }, taken('plain', x.inputs[0]), 'plain') : undefined;
}
