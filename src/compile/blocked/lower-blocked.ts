import type { PrimitiveName, Tensor, TensorOf } from '../../tensor/index.js';
import { elementCount, extent, isPrimitive, sameShape } from '../../tensor/index.js';
import type { Attribute } from '../emitter.js';
import { lowerings } from '../lowerings.js';
import type { BlockedContext } from './context.js';
import type { Activation, Passing } from './convolution.js';
import { blockedConvolution, blockedInputGradient } from './convolution.js';
import type { Spelled } from './values.js';
import { blockedWeightGradient, pointwiseWeightGradient } from './weight-gradient.js';
import { scaledWinograd, winogradConvolution } from './winograd.js';

/** Spells a tensor in blocked form, or from blocked images; undefined where the plain lowering is to do it. */
type BlockedLowering<P extends PrimitiveName> = (
  tensor: TensorOf<P>,
  context: BlockedContext,
) => Spelled | 'deferred' | undefined;

const blocked = (name: string): Spelled => ({ layout: 'blocked', name });

function isImage({ shape }: Tensor, block: number): boolean {
  return shape.length === 4 && extent(shape, 1) % block === 0;
}

/** An operation that works on each number by itself does so in any layout, if its operands share it or are scalars. */
function elementwise(tensor: Tensor, context: BlockedContext): Spelled | undefined {
  const { values, block } = context;
  if (!isImage(tensor, block)) return undefined;
  const images = tensor.inputs.filter((input) => sameShape(input.shape, tensor.shape));
  const others = tensor.inputs.filter((input) => !images.includes(input));
  if (others.some((input) => elementCount(input.shape) !== 1)) return undefined;
  if (!images.some((input) => values.liesBlocked(input))) return undefined;
  const layout = images.some((input) => values.liesPhased(input)) ? 'phased' : 'blocked';
  const names = tensor.inputs.map((input) =>
    images.includes(input) ? values[layout](input) : values.plain(input),
  );
  return { layout, name: spell(tensor, names, context) };
}

function spell<P extends PrimitiveName>(
  tensor: TensorOf<P>,
  names: readonly string[],
  { emit }: BlockedContext,
): string {
  const lowering = lowerings[tensor.primitive];
  return lowering(tensor, names as Parameters<typeof lowering>[1], emit);
}

/** A convolution waits, so that an activation or a sum that follows can be computed in the same pass. */
function whenUsed(
  tensor: Tensor,
  convolve: ((passing: Passing) => Spelled) | undefined,
  { values, uses }: BlockedContext,
): Spelled | 'deferred' | undefined {
  if (convolve === undefined) return undefined;
  if (uses(tensor) !== 1) return convolve({});
  values.defer(tensor, () => convolve({}));
  return 'deferred';
}

/** The convolution behind a deferred tensor, to be spelled with what it takes along. */
function deferredConvolution(
  tensor: Tensor,
  context: BlockedContext,
): ((passing: Passing & { readonly scale?: number }) => Spelled) | undefined {
  if (!context.values.isDeferred(tensor)) return undefined;
  if (isPrimitive(tensor, 'convolution')) return blockedConvolution(tensor, context);
  if (isPrimitive(tensor, 'convolutionInputGradient')) return blockedInputGradient(tensor, context);
  return undefined;
}

/** 2⁶⁰: what a rectified value may be divided by and still be taken for positive. */
const TINY_INVERSE = 2 ** 60;

/** The slope left of zero of the activation whose derivative this is, and the activation's output. */
function maskOf(tensor: Tensor): { readonly slope: number; readonly rectified: Tensor } | undefined {
  const [rectified] = tensor.inputs;
  if (rectified === undefined) return undefined;
  if (isPrimitive(tensor, 'leakyStep')) return { slope: tensor.attributes.slope, rectified };
  return isPrimitive(tensor, 'step') ? { slope: 0, rectified } : undefined;
}

/**
 * Where y is an output of ReLU, [y > 0] = 2⁶⁰ · min(y, 2⁻⁶⁰) for every y that is not absurdly small, and the same goes for
 * leaky ones, limited by 2⁻⁶⁰·slope from below. A gradient that comes from a convolution takes the factor along in its
 * weight where that is smaller than the image, so that masking it costs two passes over the image.
 */
function maskedGradient(tensor: TensorOf<'multiply'>, context: BlockedContext): Spelled | undefined {
  const { values, emit } = context;
  for (const [gradient, other] of [tensor.inputs, [tensor.inputs[1], tensor.inputs[0]] as const]) {
    const mask = maskOf(other);
    if (mask === undefined || !sameShape(gradient.shape, other.shape)) continue;
    const convolve = deferredConvolution(gradient, context);
    if (!isPrimitive(gradient, 'convolutionInputGradient') || convolve === undefined) continue;
    const { rectified, slope } = mask;
    const isRectified = isPrimitive(rectified, 'relu') || isPrimitive(rectified, 'leakyRelu');
    if (!isRectified || !values.liesBlocked(rectified)) continue;
    values.drop(gradient);
    const limits = [emit.float(slope / TINY_INVERSE), emit.float(1 / TINY_INVERSE)];
    const tiny = emit.node('Clip', [values.blocked(rectified), ...limits]);
    // The factor goes where there are fewer numbers.
    if (elementCount(gradient.inputs[1].shape) <= elementCount(gradient.shape))
      return blocked(emit.node('Mul', [convolve({ scale: TINY_INVERSE }).name, tiny]));
    const whole = emit.node('Mul', [tiny, emit.float(TINY_INVERSE)]);
    return blocked(emit.node('Mul', [convolve({}).name, whole]));
  }
  return undefined;
}

/** An activation is computed by the convolution before it; by itself where there is none. */
function activated(
  tensor: TensorOf<'relu' | 'leakyRelu'> & Tensor,
  activation: Activation,
  context: BlockedContext,
): Spelled | undefined {
  const [x] = tensor.inputs;
  const convolve = deferredConvolution(x, context);
  if (convolve === undefined) return elementwise(tensor, context);
  context.values.drop(x);
  return convolve({ activation });
}

/** A mask waits for the product that it belongs to. */
function waitingMask(
  tensor: TensorOf<'step' | 'leakyStep'> & Tensor,
  context: BlockedContext,
): 'deferred' | undefined {
  const [x] = tensor.inputs;
  if (!context.values.liesBlocked(x) || !isImage(tensor, context.block)) return undefined;
  context.values.defer(tensor, () => blocked(spell(tensor, [context.values.blocked(x)], context)));
  return 'deferred';
}

/** What ONNX Runtime does to windows of blocked images. */
function windowed(
  operator: 'MaxPool' | 'AveragePool' | 'Upsample',
  { inputs: [x] }: TensorOf<'maxPool' | 'upsample' | 'blockSum'>,
  attributes: Readonly<Record<string, Attribute>>,
  { values, emit, block }: BlockedContext,
): Spelled | undefined {
  if (!values.liesBlocked(x) || !isImage(x, block)) return undefined;
  return blocked(emit.node(operator, [values.blocked(x)], attributes, { domain: 'com.microsoft.nchwc' }));
}

const isWhole = (start: number, length: number, of: number): boolean => start === 0 && length === of;

/** Leaves a primitive to its plain lowering. */
const plain = (): undefined => undefined;

/** What each primitive does with blocked images. */
const blockedLowerings: { readonly [P in PrimitiveName]: BlockedLowering<P> } = {
  input: plain,
  constant: plain,
  reshape: plain,
  transpose: plain,
  broadcast: plain,
  pad: plain,
  gather: plain,
  scatterAdd: plain,
  max: plain,
  softmax: plain,
  matmul: plain,

  stopGradient: elementwise,
  negate: elementwise,
  absolute: elementwise,
  sign: elementwise,
  exp: elementwise,
  log: elementwise,
  sqrt: elementwise,
  erf: elementwise,
  tanh: elementwise,
  sigmoid: elementwise,
  gelu: elementwise,
  geluSlope: elementwise,
  cast: elementwise,
  subtract: elementwise,
  divide: elementwise,
  power: elementwise,
  maximum: elementwise,
  minimum: elementwise,
  equal: elementwise,
  greater: elementwise,
  where: elementwise,

  convolution: (tensor, context) =>
    winogradConvolution(tensor, context) ?? whenUsed(tensor, blockedConvolution(tensor, context), context),
  convolutionInputGradient: (tensor, context) =>
    whenUsed(tensor, blockedInputGradient(tensor, context), context),
  convolutionWeightGradient: (tensor, context) =>
    blockedWeightGradient(tensor, context) ?? pointwiseWeightGradient(tensor, context),

  relu: (tensor, context) => activated(tensor, { name: 'Relu' }, context),
  leakyRelu: (tensor, context) =>
    activated(tensor, { name: 'LeakyRelu', parameters: [tensor.attributes.slope] }, context),
  step: waitingMask,
  leakyStep: waitingMask,
  add: (tensor, context) => {
    for (const [x, other] of [tensor.inputs, [tensor.inputs[1], tensor.inputs[0]] as const]) {
      const convolve = deferredConvolution(x, context);
      if (convolve === undefined || !sameShape(other.shape, x.shape) || other === x) continue;
      context.values.drop(x);
      return convolve({ residual: context.values.blocked(other) });
    }
    return elementwise(tensor, context);
  },
  multiply: (tensor, context) =>
    scaledWinograd(tensor, context) ?? maskedGradient(tensor, context) ?? elementwise(tensor, context),
  concat: (tensor, { values, emit, block }) => {
    const { axis } = tensor.attributes;
    if (axis !== 1 || !tensor.inputs.every((input) => isImage(input, block))) return undefined;
    if (!tensor.inputs.some((input) => values.liesBlocked(input))) return undefined;
    return blocked(
      emit.node(
        'Concat',
        tensor.inputs.map((input) => values.blocked(input)),
        { axis },
      ),
    );
  },
  // A range of channels of whole blocks.
  slice: (tensor, { values, emit, block }) => {
    const [x] = tensor.inputs;
    const { starts, steps } = tensor.attributes;
    if (!values.liesBlocked(x) || !isImage(x, block) || !isImage(tensor, block)) return undefined;
    const whole = tensor.shape.every(
      (length, axis) => axis === 1 || isWhole(starts[axis] ?? 0, length, extent(x.shape, axis)),
    );
    const start = starts[1] ?? 0;
    if (!whole || steps.some((step) => step !== 1) || start % block !== 0) return undefined;
    return blocked(
      emit.slice(values.blocked(x), [{ axis: 1, start, length: extent(tensor.shape, 1), step: 1 }]),
    );
  },
  maxPool: (tensor, context) => {
    const { kernel, stride, padding } = tensor.attributes;
    return windowed('MaxPool', tensor, { kernel_shape: kernel, strides: stride, pads: padding }, context);
  },
  upsample: (tensor, context) => {
    const { factor } = tensor.attributes;
    return windowed('Upsample', tensor, { scales: [1, 1, factor, factor], mode: 'nearest' }, context);
  },
  blockSum: (tensor, context) => {
    const { factor } = tensor.attributes;
    const side = [factor, factor];
    const attributes = { kernel_shape: side, strides: side, pads: [0, 0, 0, 0] };
    const means = windowed('AveragePool', tensor, attributes, context);
    if (means === undefined) return undefined;
    return blocked(context.emit.node('Mul', [means.name, context.emit.float(factor * factor)]));
  },
  // The gradient of a bias: over the pixels of each channel, then over the images.
  sum: (tensor, { values, emit, block }) => {
    const [x] = tensor.inputs;
    if (tensor.attributes.axes.join() !== '0,2,3' || !values.liesBlocked(x) || !isImage(x, block))
      return undefined;
    const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
    const pixels = emit.reshape(values.blocked(x), [(batch * channels) / block, height * width, block]);
    const perImage = emit.reshape(emit.sumOut(pixels, [1]), [batch, channels]);
    return { layout: 'plain', name: emit.reshape(emit.sumOut(perImage, [0]), tensor.shape) };
  },
};

function lowerWith<P extends PrimitiveName>(
  tensor: TensorOf<P>,
  context: BlockedContext,
): Spelled | 'deferred' | undefined {
  const lowering = blockedLowerings[tensor.primitive];
  return lowering(tensor, context);
}

/**
 * Spells a tensor in blocked form where that gains.
 *
 * @returns whether it did; the plain lowering has to do what is left.
 */
export function lowerBlocked(tensor: Tensor, context: BlockedContext): boolean {
  const spelled = lowerWith(tensor, context);
  if (spelled === undefined) return false;
  if (spelled !== 'deferred') context.values.set(tensor, spelled);
  return true;
}
