import type { ConvolutionGeometry, TensorOf } from '../tensor/index.js';
import { extent, imageShape } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { lowerSmallDepthwise, lowerSmallDepthwiseInputGradient } from './lower-depthwise.js';
import { lowerPointwise, lowerPointwiseInputGradient, mixesAsOne } from './lower-pointwise.js';
import { lowerToFewChannels } from './lower-to-few-channels.js';
import type { FourExtents } from './taps.js';

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
  const small = lowerSmallDepthwise(tensor, inputs, emit) ?? lowerToFewChannels(tensor, inputs, emit);
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
