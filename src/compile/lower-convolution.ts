import type { ConvolutionGeometry, TensorOf } from '../tensor/index.js';
import { imageShape } from '../tensor/index.js';
import type { FourExtents } from './convolution-geometry.js';
import type { Emitter } from './emitter.js';

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

/** How the windows of a convolution lie on the image of which this is the gradient. */
function coverage(tensor: TensorOf<'convolutionInputGradient'>) {
  const { stride, dilation, padding } = tensor.attributes;
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
  return { shape, kernel, reach, unreached };
}

/** The gradient of a convolution in its input as ConvTranspose. */
export function emitTransposedConvolution(
  { tensor }: { readonly tensor: TensorOf<'convolutionInputGradient'> },
  inputs: readonly string[],
  emit: Emitter,
): string {
  const { kernel, unreached } = coverage(tensor);
  return emit.node('ConvTranspose', inputs, {
    ...convolutionAttributes(tensor.attributes, [kernel[2], kernel[3]]),
    output_padding: unreached,
  });
}

/**
 * The gradient of a convolution in its input as a Conv of the upstream gradient with the turned weight, about twice as fast as
 * ConvTranspose on the CPU; where it is strided, with zeros between the upstream pixels.
 */
export function lowerConvolutionInputGradient(
  tensor: TensorOf<'convolutionInputGradient'>,
  [upstream, weight]: readonly [string, string],
  emit: Emitter,
): string {
  const { stride, dilation, padding, groups } = tensor.attributes;
  const { shape, kernel, reach, unreached } = coverage(tensor);
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
