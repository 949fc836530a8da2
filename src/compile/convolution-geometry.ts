import type { ConvolutionGeometry, Shape, TensorOf } from '../tensor/index.js';
import { extent, imageShape } from '../tensor/index.js';

/** Four numbers: the extents of a weight or an image, or what lies around an image: top, left, bottom, right. */
export type FourExtents = readonly [number, number, number, number];

/** Whether a convolution mixes the channels of each pixel and nothing else: a product with a matrix `[out, in]`. */
export function isPointwise({ stride, padding, groups }: ConvolutionGeometry, weight: Shape): boolean {
  const [, , height, width] = weight;
  return (
    groups === 1 &&
    height === 1 &&
    width === 1 &&
    stride.every((step) => step === 1) &&
    padding.every((p) => p === 0)
  );
}

/** Whether a convolution of a weight of this shape sees every channel by itself, and makes one of it. */
export function isDepthwise({ groups }: ConvolutionGeometry, [out, perGroup]: Shape): boolean {
  return groups > 1 && out === groups && perGroup === 1;
}

/** Rows and columns of every tap of a kernel, row-major. */
export function tapsIn([, , height, width]: FourExtents): (readonly [number, number])[] {
  return Array.from({ length: height * width }, (_, tap) => [Math.floor(tap / width), tap % width] as const);
}

/**
 * The padding of the convolution that an input gradient is at stride 1; undefined where it is strided or would have to
 * cut its image.
 */
export function backwardPadding({
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
 * The zeros around the upstream gradient within which every tap brings it back to the image by a shift; undefined where that
 * cannot be.
 */
export function upstreamPadding(tensor: TensorOf<'convolutionWeightGradient'>): FourExtents | undefined {
  const { stride, dilation, padding } = tensor.attributes;
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  const [, , height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, , rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const reach = [dilation[0] * (kernelHeight - 1), dilation[1] * (kernelWidth - 1)] as const;
  const before = [reach[0] - padding[0], reach[1] - padding[1]] as const;
  const after = [height - rows + padding[0], width - columns + padding[1]] as const;
  if (stride[0] !== 1 || stride[1] !== 1 || Math.min(...before, ...after) < 0) return undefined;
  return [before[0], before[1], after[0], after[1]];
}
