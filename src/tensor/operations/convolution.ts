import type { ConvolutionGeometry } from '../primitives.js';
import { formatShape, imageShape } from '../shape.js';
import type { Shape, Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';

/** Options of {@link conv2d} and {@link convTranspose2d}; one number means both axes. */
export interface ConvolutionOptions {
  readonly stride?: number | readonly [number, number];
  readonly dilation?: number | readonly [number, number];
  /** Zeros around the input: one number, `[vertical, horizontal]`, or `[top, left, bottom, right]`. */
  readonly padding?: number | readonly [number, number] | readonly [number, number, number, number];
  readonly groups?: number;
}

const pair = (
  value: number | readonly [number, number] | undefined,
  otherwise: number,
): readonly [number, number] =>
  value === undefined ? [otherwise, otherwise] : typeof value === 'number' ? [value, value] : value;

function sides(padding: ConvolutionOptions['padding']): readonly [number, number, number, number] {
  if (padding === undefined) return [0, 0, 0, 0];
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  return padding.length === 4 ? padding : [padding[0], padding[1], padding[0], padding[1]];
}

function geometryOf(options: ConvolutionOptions, operation: string): ConvolutionGeometry {
  const geometry = {
    stride: pair(options.stride, 1),
    dilation: pair(options.dilation, 1),
    padding: sides(options.padding),
    groups: options.groups ?? 1,
  };
  const check = (what: string, values: readonly number[], least: number): void => {
    if (values.some((value) => !Number.isInteger(value) || value < least))
      throw new RangeError(
        `${operation}: ${what} must be whole numbers of at least ${least}, got ${values.join(', ')}`,
      );
  };
  check('stride', geometry.stride, 1);
  check('dilation', geometry.dilation, 1);
  check('padding', geometry.padding, 0);
  check('groups', [geometry.groups], 1);
  return geometry;
}

/** Output extents `[height, width]` of a convolution of an image of `[height, width]` by a kernel `[height, width]`. */
function convolvedExtents(
  [height, width]: readonly [number, number],
  [kernelHeight, kernelWidth]: readonly [number, number],
  { stride, dilation, padding: [top, left, bottom, right] }: ConvolutionGeometry,
): readonly [number, number] {
  return [
    Math.floor((height + top + bottom - dilation[0] * (kernelHeight - 1) - 1) / stride[0]) + 1,
    Math.floor((width + left + right - dilation[1] * (kernelWidth - 1) - 1) / stride[1]) + 1,
  ];
}

/**
 * 2-D cross-correlation, the "convolution" of neural networks:
 * `y[n,o,i,j] = bias[o] + Σ_{c,u,v} weight[o,c,u,v] · x[n,c, i·stride + u·dilation − top, j·stride + v·dilation − left]`.
 *
 * Shapes: x `[batch, channels, height, width]`, weight `[out, channels / groups, kernelHeight, kernelWidth]`, bias `[out]`.
 *
 * Infinity and NaN reach the windows that see them. Where the device's fastest form is Winograd's or, of small depthwise images,
 * a product of matrices, they also reach pixels nearby of the same picture.
 *
 * @example
 * conv2d(x, weight, bias, { padding: 2, dilation: 2 });
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'conv2d');
  const [out, perGroup, kernelHeight, kernelWidth] = imageShape(weight, 'conv2d weight');
  const geometry = geometryOf(options, 'conv2d');
  if (perGroup * geometry.groups !== channels || out % geometry.groups !== 0)
    throw new RangeError(
      `conv2d: weight ${formatShape(weight.shape)} in ${geometry.groups} groups does not fit ${channels} channels`,
    );
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== out))
    throw new RangeError(`conv2d: the bias must be [${out}], got ${formatShape(bias.shape)}`);
  const extents = convolvedExtents([height, width], [kernelHeight, kernelWidth], geometry);
  if (extents[0] < 1 || extents[1] < 1)
    throw new RangeError(
      `conv2d: a ${height}×${width} input is smaller than its ${kernelHeight}×${kernelWidth} kernel`,
    );
  const inputs = bias === undefined ? ([x, weight] as const) : ([x, weight, bias] as const);
  return createTensor('convolution', inputs, geometry, [batch, out, ...extents]);
}

/**
 * The adjoint of {@link conv2d} in x: spreads `upstream` back over an input of `shape`.
 * With a weight of `[in, out / groups, …]` it is the transposed convolution.
 */
export function convolutionInputGradient(
  upstream: Tensor,
  weight: Tensor,
  geometry: ConvolutionGeometry,
  shape: Shape,
): Tensor {
  return createTensor('convolutionInputGradient', [upstream, weight], geometry, shape);
}

/** The adjoint of {@link conv2d} in its weight, a weight of `shape`. */
export function convolutionWeightGradient(
  x: Tensor,
  upstream: Tensor,
  geometry: ConvolutionGeometry,
  shape: Shape,
): Tensor {
  return createTensor('convolutionWeightGradient', [x, upstream], geometry, shape);
}

/**
 * Transposed 2-D convolution, without bias: the gradient of a convolution with respect to its input.
 * The output extent is `(in − 1)·stride − padding + dilation·(kernel − 1) + outputPadding + 1`.
 *
 * Shapes: x `[batch, in, height, width]`, weight `[in, out / groups, kernelHeight, kernelWidth]`.
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  options: ConvolutionOptions & { readonly outputPadding?: number | readonly [number, number] } = {},
): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'convTranspose2d');
  const [inChannels, perGroup, kernelHeight, kernelWidth] = imageShape(weight, 'convTranspose2d weight');
  const geometry = geometryOf(options, 'convTranspose2d');
  const extra = pair(options.outputPadding, 0);
  if (inChannels !== channels)
    throw new RangeError(
      `convTranspose2d: weight ${formatShape(weight.shape)} does not fit ${channels} channels`,
    );
  const { stride, dilation, padding, groups } = geometry;
  const shape = [
    batch,
    perGroup * groups,
    (height - 1) * stride[0] - padding[0] - padding[2] + dilation[0] * (kernelHeight - 1) + extra[0] + 1,
    (width - 1) * stride[1] - padding[1] - padding[3] + dilation[1] * (kernelWidth - 1) + extra[1] + 1,
  ];
  if (shape.some((size) => size < 1))
    throw new RangeError(
      `convTranspose2d: the padding takes all of the output of a ${height}×${width} input and a ${kernelHeight}×${kernelWidth} kernel`,
    );
  return convolutionInputGradient(x, weight, geometry, shape);
}
