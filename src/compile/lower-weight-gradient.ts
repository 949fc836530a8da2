import type { Shape, TensorOf } from '../tensor/index.js';
import { imageShape } from '../tensor/index.js';
import { tapsIn, upstreamPadding } from './convolution-geometry.js';
import type { Emitter } from './emitter.js';
import { emitProduct } from './lower-matmul.js';
import type { KernelOf } from './plan/kernel.js';
import { padded, shifted } from './taps.js';

/** x as each tap of the kernel sees it: one shifted (and strided) copy per kernel element, row-major. */
function tapsOf(tensor: TensorOf<'convolutionWeightGradient'>, x: string, emit: Emitter): string[] {
  const { stride, dilation, padding } = tensor.attributes;
  const kernel = imageShape(tensor, 'convolutionWeightGradient');
  const [, , height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, , rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const [top, left, bottom, right] = padding;
  const image = padded(x, padding, emit);
  const whole = rows === height + top + bottom && columns === width + left + right;
  const taps = tapsIn(kernel);
  if (whole) return taps.map(() => image);
  const starts = taps.map(([v, u]) => [v * dilation[0], u * dilation[1]] as const);
  return shifted(image, starts, [rows, columns], stride, emit);
}

/** The upstream gradient as each tap of the kernel brings it back to x. */
function tapsOfUpstream(
  tensor: TensorOf<'convolutionWeightGradient'>,
  upstream: string,
  emit: Emitter,
): string[] {
  const { stride, dilation } = tensor.attributes;
  const kernel = imageShape(tensor, 'convolutionWeightGradient');
  const [, , height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const padding = upstreamPadding(tensor);
  if (padding === undefined)
    throw new Error('compile: this upstream gradient cannot be shifted to the image');
  const image = padded(upstream, padding, emit);
  const starts = tapsIn(kernel).map(
    ([v, u]) => [(kernel[2] - 1 - v) * dilation[0], (kernel[3] - 1 - u) * dilation[1]] as const,
  );
  return shifted(image, starts, [height, width], stride, emit);
}

/**
 * The gradient in the weight where one side has few channels, as pictures have: all taps of that side, in one product with the
 * other.
 */
export function emitTapsOfFew(
  { kind, tensor }: KernelOf<'taps of few' | 'taps of few upstream'>,
  [x = '', upstream = '']: readonly string[],
  emit: Emitter,
): string {
  const [batch, into, height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, out, rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const ofX = kind === 'taps of few';
  const taps = ofX ? tapsOf(tensor, x, emit) : tapsOfUpstream(tensor, upstream, emit);
  const [few, many] = ofX ? [into, out] : [out, into];
  const pixels = ofX ? rows * columns : height * width;
  const count = taps.length;
  const stack = emit.reshape(emit.node('Concat', taps, { axis: 1 }), [batch, count * few, pixels]);
  const other = emit.reshape(ofX ? upstream : x, [batch, many, pixels]);
  const products = emitProduct(
    { name: stack, rank: 3 },
    { name: other, rank: 3 },
    { transposeB: true },
    emit,
  );
  const sums = emit.reshape(emit.sumOut(products, [0]), [count, few, many]);
  return emit.reshape(emit.transpose(sums, ofX ? [2, 1, 0] : [1, 2, 0]), tensor.shape);
}

/**
 * The gradient of a convolution in its weight: one matrix product per tap of the kernel,
 * `dW[o,c,v,u] = Σ_n Σ_p upstream[n,o,p] · x[n,c, p·stride + (v,u)·dilation − padding]`, summed over the batch.
 */
export function lowerConvolutionWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  [x, upstream]: readonly [string, string],
  emit: Emitter,
): string {
  const { groups } = tensor.attributes;
  const [batch, channels] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, out, rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const perGroup = channels / groups;
  const outPerGroup = out / groups;
  const depthwise = perGroup === 1 && outPerGroup === 1;
  const taps = tapsOf(tensor, x, emit);

  const perTap = depthwise
    ? taps.map((tap) => emit.sumOut(emit.node('Mul', [tap, upstream]), [0, 2, 3]))
    : productsWith(upstream, taps);
  const stacked = perTap.map((product) => emit.reshape(product, [1, groups, perGroup, outPerGroup]));
  const all = stacked.length === 1 ? (stacked[0] ?? '') : emit.node('Concat', stacked, { axis: 0 });
  return emit.reshape(emit.transpose(all, [1, 3, 2, 0]), tensor.shape);

  function productsWith(gradient: string, copies: readonly string[]): string[] {
    const pixels = rows * columns;
    const lead: Shape = groups === 1 ? [batch] : [batch, groups];
    const flat = emit.reshape(gradient, [...lead, outPerGroup, pixels]);
    const columnsFirst = emit.transpose(flat, groups === 1 ? [0, 2, 1] : [0, 1, 3, 2]);
    return copies.map((tap) => {
      const product = emit.node('MatMul', [emit.reshape(tap, [...lead, perGroup, pixels]), columnsFirst]);
      return batch === 1 ? product : emit.sumOut(product, [0]);
    });
  }
}
