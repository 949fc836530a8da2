import type { ConvolutionGeometry, Shape, TensorOf } from '../tensor/index.js';
import { extent, imageShape } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import {
  lowerSmallDepthwise,
  lowerSmallDepthwiseInputGradient,
  lowerSmallDepthwiseWeightGradient,
} from './lower-depthwise.js';
import { emitProduct } from './lower-matmul.js';
import {
  isPointwise,
  lowerPointwise,
  lowerPointwiseInputGradient,
  lowerPointwiseWeightGradient,
  mixesAsOne,
} from './lower-pointwise.js';

type FourExtents = readonly [number, number, number, number];

function convolutionAttributes(geometry: ConvolutionGeometry, kernel: readonly [number, number]) {
  return {
    kernel_shape: kernel,
    strides: geometry.stride,
    dilations: geometry.dilation,
    pads: geometry.padding,
    group: geometry.groups,
  };
}

/** Conv, with explicit padding. */
export function lowerConvolution(
  tensor: TensorOf<'convolution'>,
  inputs: readonly string[],
  emit: Emitter,
): string {
  if (mixesAsOne(tensor, inputs[0] ?? '', emit)) return lowerPointwise(tensor, inputs, emit);
  const small = lowerSmallDepthwise(tensor, inputs, emit);
  if (small !== undefined) return small;
  const [, , height, width] = imageShape(tensor.inputs[1], 'convolution');
  return emit.node('Conv', inputs, convolutionAttributes(tensor.attributes, [height, width]));
}

/** `[out, in/g, h, w]` → `[in, out/g, h, w]`, turned by 180°: the weight of the convolution that goes backwards. */
function backwardWeight(
  weight: string,
  [out, perGroup, height, width]: FourExtents,
  groups: number,
  emit: Emitter,
): string {
  let result = weight;
  if (groups === 1) result = emit.transpose(result, [1, 0, 2, 3]);
  else {
    const grouped = emit.reshape(result, [groups, out / groups, perGroup, height, width]);
    const swapped = emit.transpose(grouped, [0, 2, 1, 3, 4]);
    result = emit.reshape(swapped, [groups * perGroup, out / groups, height, width]);
  }
  const turned = [
    { axis: 2, start: height - 1, length: height, step: -1 },
    { axis: 3, start: width - 1, length: width, step: -1 },
  ].filter(({ length }) => length > 1);
  return turned.length === 0 ? result : emit.slice(result, turned);
}

/** Follows every pixel with `stride − 1` zeros, except the last ones: the upstream gradient of a strided convolution at stride 1. */
function dilate(
  x: string,
  [batch, channels, height, width]: FourExtents,
  stride: readonly [number, number],
  emit: Emitter,
): string {
  const cells = emit.reshape(x, [batch, channels, height, 1, width, 1]);
  const spread = emit.pad(cells, [0, 0, 0, 0, 0, 0], [0, 0, 0, stride[0] - 1, 0, stride[1] - 1]);
  const flat = emit.reshape(spread, [batch, channels, height * stride[0], width * stride[1]]);
  return emit.slice(flat, [
    { axis: 2, start: 0, length: (height - 1) * stride[0] + 1, step: 1 },
    { axis: 3, start: 0, length: (width - 1) * stride[1] + 1, step: 1 },
  ]);
}

/**
 * The padding of the convolution that an input gradient is at stride 1; undefined where it is strided or would have to
 * cut its image.
 */
export function backwardConvolution({
  inputs: [upstream, weight],
  attributes: { stride, dilation, padding },
  shape,
}: TensorOf<'convolutionInputGradient'>): FourExtents | undefined {
  if (stride[0] !== 1 || stride[1] !== 1) return undefined;
  const axes = [0, 1].map((i) => {
    const reach = extent(dilation, i) * (extent(weight.shape, 2 + i) - 1);
    const before = reach - extent(padding, i);
    // The output is as long as the image of the convolution was.
    return { before, after: extent(shape, 2 + i) - extent(upstream.shape, 2 + i) + reach - before };
  });
  const [vertical = { before: 0, after: 0 }, horizontal = vertical] = axes;
  const pads = [vertical.before, horizontal.before, vertical.after, horizontal.after] as const;
  return pads.some((pad) => pad < 0) ? undefined : pads;
}

/**
 * Pixels, of all pictures together, up to which ConvTranspose is the faster: it takes the weight as it is, and turning a
 * weight takes longer than so few pixels do.
 */
export const TRANSPOSED_PIXELS = 64;

/**
 * The gradient of a convolution in its input. At stride 1 it is a Conv of the upstream gradient with the turned weight,
 * about twice as fast as ConvTranspose on the CPU; strided ones and those of few pixels use ConvTranspose there, and strided
 * ones zeros between the upstream pixels on the GPU.
 */
export function lowerConvolutionInputGradient(
  tensor: TensorOf<'convolutionInputGradient'>,
  [upstream, weight]: readonly [string, string],
  emit: Emitter,
): string {
  if (mixesAsOne(tensor, upstream, emit))
    return lowerPointwiseInputGradient(tensor, [upstream, weight], emit);
  const small = lowerSmallDepthwiseInputGradient(tensor, [upstream, weight], emit);
  if (small !== undefined) return small;
  const { stride, dilation, padding, groups } = tensor.attributes;
  const shape = imageShape(tensor.inputs[0], 'convolutionInputGradient');
  const kernel = imageShape(tensor.inputs[1], 'convolutionInputGradient');
  const [, , height, width] = imageShape(tensor, 'convolutionInputGradient');
  const reach = [dilation[0] * (kernel[2] - 1), dilation[1] * (kernel[3] - 1)] as const;
  const covered = [
    (shape[2] - 1) * stride[0] + 1 + reach[0] - padding[0] - padding[2],
    (shape[3] - 1) * stride[1] + 1 + reach[1] - padding[1] - padding[3],
  ] as const;
  // Pixels at the far border that no window reached.
  const unreached = [height - covered[0], width - covered[1]] as const;

  const few = emit.device === 'cpu' && groups === 1 && shape[0] * height * width <= TRANSPOSED_PIXELS;
  if (few || (emit.device !== 'webgpu' && (stride[0] > 1 || stride[1] > 1)))
    return emit.node('ConvTranspose', [upstream, weight], {
      ...convolutionAttributes(tensor.attributes, [kernel[2], kernel[3]]),
      output_padding: unreached,
    });

  const strided = stride[0] > 1 || stride[1] > 1;
  const source = strided ? dilate(upstream, shape, stride, emit) : upstream;
  const pads = [
    reach[0] - padding[0],
    reach[1] - padding[1],
    reach[0] - padding[2] + unreached[0],
    reach[1] - padding[3] + unreached[1],
  ] as const;
  const crop = pads.map((p) => Math.max(0, -p));
  const [top = 0, left = 0, bottom = 0, right = 0] = crop;
  const extents = [(shape[2] - 1) * stride[0] + 1, (shape[3] - 1) * stride[1] + 1] as const;
  // Every window saw padding only.
  if (extents[0] - top - bottom < 1 || extents[1] - left - right < 1)
    return emit.node('Expand', [emit.float(0), emit.integers(tensor.shape)]);
  const cropped = crop.some((p) => p > 0)
    ? emit.slice(source, [
        { axis: 2, start: top, length: extents[0] - top - bottom, step: 1 },
        { axis: 3, start: left, length: extents[1] - left - right, step: 1 },
      ])
    : source;
  return emit.node('Conv', [cropped, backwardWeight(weight, kernel, groups, emit)], {
    kernel_shape: [kernel[2], kernel[3]],
    strides: [1, 1],
    dilations: dilation,
    pads: pads.map((p) => Math.max(0, p)),
    group: groups,
  });
}

/** `rows` × `columns` pixels of an image from `[v, u]` on, for each `[v, u]` in turn. */
function shifted(
  image: string,
  starts: readonly (readonly [number, number])[],
  [rows, columns]: readonly [number, number],
  stride: readonly [number, number],
  emit: Emitter,
): string[] {
  return starts.map(([v, u]) =>
    emit.slice(image, [
      { axis: 2, start: v, length: rows, step: stride[0] },
      { axis: 3, start: u, length: columns, step: stride[1] },
    ]),
  );
}

function padded(image: string, [top, left, bottom, right]: FourExtents, emit: Emitter): string {
  const none = top === 0 && left === 0 && bottom === 0 && right === 0;
  return none ? image : emit.pad(image, [0, 0, top, left], [0, 0, bottom, right]);
}

/** Rows and columns of every tap of a kernel, row-major. */
function tapsIn([, , height, width]: FourExtents): (readonly [number, number])[] {
  return Array.from({ length: height * width }, (_, tap) => [Math.floor(tap / width), tap % width] as const);
}

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

/** The upstream gradient as each tap of the kernel brings it back to x; undefined where it cannot be had by shifting. */
function tapsOfUpstream(
  tensor: TensorOf<'convolutionWeightGradient'>,
  upstream: string,
  emit: Emitter,
): string[] | undefined {
  const { stride, dilation, padding } = tensor.attributes;
  const kernel = imageShape(tensor, 'convolutionWeightGradient');
  const [, , height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, , rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const reach = [dilation[0] * (kernel[2] - 1), dilation[1] * (kernel[3] - 1)] as const;
  const before = [reach[0] - padding[0], reach[1] - padding[1]] as const;
  const after = [height - rows + padding[0], width - columns + padding[1]] as const;
  if (stride[0] !== 1 || stride[1] !== 1 || Math.min(...before, ...after) < 0) return undefined;
  const image = padded(upstream, [before[0], before[1], after[0], after[1]], emit);
  const starts = tapsIn(kernel).map(
    ([v, u]) => [reach[0] - v * dilation[0], reach[1] - u * dilation[1]] as const,
  );
  return shifted(image, starts, [height, width], stride, emit);
}

/** Channels up to which all taps of an image are laid beside each other, so that one product serves them all. */
const FEW_CHANNELS = 8;

/**
 * The gradient in the weight where one side has few channels, as pictures have: all taps of that side, in one product with the
 * other. Undefined where there are many.
 */
function fewChannelsWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  [x, upstream]: readonly [string, string],
  emit: Emitter,
): string | undefined {
  const [batch, into, height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, out, rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  if (tensor.attributes.groups > 1 || Math.min(into, out) > FEW_CHANNELS) return undefined;
  const ofX = into <= out;
  const taps = ofX ? tapsOf(tensor, x, emit) : tapsOfUpstream(tensor, upstream, emit);
  if (taps === undefined) return undefined;
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
  return emit.reshape(emit.transpose(sums, ofX ? [2, 1, 0] : [1, 2, 0]), [
    out,
    into,
    kernelHeight,
    kernelWidth,
  ]);
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
  if (isPointwise(tensor.attributes, tensor.shape))
    return lowerPointwiseWeightGradient(tensor, [x, upstream], emit);
  const small =
    lowerSmallDepthwiseWeightGradient(tensor, [x, upstream], emit) ??
    fewChannelsWeightGradient(tensor, [x, upstream], emit);
  if (small !== undefined) return small;
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
