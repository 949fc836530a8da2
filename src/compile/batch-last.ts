import type { PrimitiveName, Shape, Tensor, TensorOf } from '../tensor/index.js';
import { elementCount, isPrimitive, sameShape } from '../tensor/index.js';
import type { Emitter } from './emitter.js';

/**
 * Images of so few pixels may lie with the batch last, `[channels, pixels, batch]`: what is done to every channel or every
 * pixel then runs along many numbers, and a 1×1 convolution is one product of matrices.
 */
const MOST_PIXELS = 64;

/** Whether an image of this shape may lie with its batch last. */
export function mayLieBatchLast(
  [batch = 1, , height = 1, width = 1, ...more]: Shape,
  emit: Emitter,
): boolean {
  return emit.device === 'cpu' && more.length === 0 && batch > 1 && height * width <= MOST_PIXELS;
}

/**
 * The image of a shape `[batch, channels, height, width]`, of which any but the batch may be 1, as
 * `[channels, pixels, batch]`. It is made once; where the value came out of this form, that is what is returned.
 */
export function toBatchLast(name: string, shape: Shape, emit: Emitter): string {
  const known = emit.batchLast.get(name);
  if (known !== undefined) return known;
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  const columns = [channels, height * width, batch];
  const count = channels * height * width;
  const moved =
    batch === 1 || count === 1 ? name : emit.transpose(emit.reshape(name, [batch, count]), [1, 0]);
  const form = emit.reshape(moved, columns);
  emit.batchLast.set(name, form);
  return form;
}

/** The inverse, given the shape of the result: the plain form, which costs nothing unless it is used. */
export function fromBatchLast(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, ...rest] = shape;
  const flat = emit.reshape(name, [elementCount(rest), batch]);
  const result = emit.reshape(emit.transpose(flat, [1, 0]), shape);
  emit.batchLast.set(result, name);
  return result;
}

/** Primitives that work on each number by itself. */
const elementwise: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  'negate',
  'absolute',
  'sign',
  'exp',
  'log',
  'sqrt',
  'erf',
  'tanh',
  'sigmoid',
  'relu',
  'step',
  'leakyRelu',
  'leakyStep',
  'gelu',
  'geluSlope',
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'equal',
  'greater',
  'where',
  'cast',
]);

/** Whether an operand has its own number for every pixel, or one for all of them. */
function isOfPixels(operand: Shape, [, , height = 1, width = 1]: Shape): boolean {
  const [, , rows = 1, columns = 1] = operand;
  const all = rows === height && columns === width;
  return operand.length === 4 && (all || (rows === 1 && columns === 1));
}

/** An operation on every number of images that lie so; the other operands are images, or one number for all. */
function emitElementwise(
  tensor: Tensor,
  names: readonly string[],
  spell: (names: readonly string[]) => string,
  emit: Emitter,
): string | undefined {
  const { shape } = tensor;
  const fits = (x: Tensor): boolean => x.shape.length === 0 || isOfPixels(x.shape, shape);
  if (!mayLieBatchLast(shape, emit) || !tensor.inputs.every(fits)) return undefined;
  const lies = tensor.inputs.some((x, i) => sameShape(x.shape, shape) && emit.batchLast.has(names[i] ?? ''));
  if (!lies) return undefined;
  const operands = tensor.inputs.map((x, i) => {
    const name = names[i] ?? '';
    return x.shape.length === 0 ? name : toBatchLast(name, x.shape, emit);
  });
  return fromBatchLast(spell(operands), shape, emit);
}

/** A sum over pixels, channels, everything but the channels, or everything, of images that lie so. */
function emitSum(tensor: TensorOf<'sum'>, [x = '']: readonly string[], emit: Emitter): string | undefined {
  const [image] = tensor.inputs;
  const lying = emit.batchLast.get(x);
  if (lying === undefined || image.shape.length !== 4 || !mayLieBatchLast(image.shape, emit))
    return undefined;
  const [batch = 1, channels = 1, height = 1, width = 1] = image.shape;
  const summed = (form: string, axis: number): string =>
    emit.node('ReduceSum', [form, emit.integers([axis])], { keepdims: 1 });
  switch (tensor.attributes.axes.join()) {
    case '1':
      return fromBatchLast(summed(lying, 0), tensor.shape, emit);
    case '2,3':
      return fromBatchLast(summed(lying, 1), tensor.shape, emit);
    case '0,1,2,3':
      return emit.reshape(emit.sumOut(lying, [0, 1, 2]), tensor.shape);
    case '0,2,3':
      return emit.reshape(summed(emit.reshape(lying, [channels, height * width * batch]), 1), tensor.shape);
    default:
      return undefined;
  }
}

/**
 * Goes on with images that lie with their batch last; undefined where the plain spelling is to do it.
 *
 * @param spell the plain spelling, of other operands
 */
export function lowerBatchLast(
  tensor: Tensor,
  names: readonly string[],
  spell: (names: readonly string[]) => string,
  emit: Emitter,
): string | undefined {
  if (isPrimitive(tensor, 'sum')) return emitSum(tensor, names, emit);
  return elementwise.has(tensor.primitive) ? emitElementwise(tensor, names, spell, emit) : undefined;
}
