import { BLOCKED } from '../blocked-domain.js';
import type { ConvolutionGeometry, TensorOf } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import { backwardPadding } from '../convolution-geometry.js';
import type { Emitter } from '../emitter.js';
import type { Activation, KernelOf } from '../plan/kernel.js';
import { blockedBackwardWeight, blockedWeight } from './weight-layout.js';
import { present } from '../../present.js';

/** What the convolution does in passing: a residual that is added, then an activation. */
interface InPassing {
  readonly residual?: string | undefined;
  readonly activation?: Activation | undefined;
}

interface BlockedConvolution {
  /** The blocked image. */
  readonly x: string;
  /** The weight in the order of `blockedWeight`. */
  readonly weight: string;
  readonly bias?: string;
  readonly kernel: readonly [number, number];
  readonly geometry: Pick<ConvolutionGeometry, 'stride' | 'dilation' | 'padding'>;
}

/** The blocked convolution itself. */
export function emitBlockedConvolution(
  { x, weight, bias, kernel, geometry }: BlockedConvolution,
  emit: Emitter,
  { residual, activation }: InPassing = {},
): string {
  const inputs = [x, weight, bias ?? '', residual ?? ''];
  while (inputs.at(-1) === '') inputs.pop();
  const attributes = {
    kernel_shape: kernel,
    strides: geometry.stride,
    dilations: geometry.dilation,
    pads: geometry.padding,
    group: 1,
    ...present({
      activation: activation?.name,
      activation_params: activation?.parameters && { floats: activation.parameters },
    }),
  };
  return emit.node('Conv', inputs, attributes, BLOCKED);
}

/** A convolution on blocks of channels, its weight reordered in the graph. */
export function emitConvolutionInBlocks(
  { tensor, passing }: KernelOf<'blocked convolution'>,
  [x = '', weight = '', ...more]: readonly string[],
  emit: Emitter,
): string {
  const shape = imageShape(tensor.inputs[1], 'convolution');
  const bias = tensor.inputs.length === 3 ? more[0] : undefined;
  return emitBlockedConvolution(
    {
      x,
      weight: blockedWeight(weight, shape, emit.block, emit),
      ...present({ bias }),
      kernel: [shape[2], shape[3]],
      geometry: tensor.attributes,
    },
    emit,
    { residual: passing.residual && more.at(-1), activation: passing.activation },
  );
}

/** An input gradient of stride 1: a convolution of the upstream gradient with the turned weight, given as it is. */
function emitBackwards(
  tensor: TensorOf<'convolutionInputGradient'>,
  [upstream, weight]: readonly [string, string],
  emit: Emitter,
  passing: InPassing = {},
): string {
  const [out, into, height, width] = imageShape(tensor.inputs[1], 'convolutionInputGradient');
  const padding = backwardPadding(tensor);
  if (padding === undefined) throw new Error('compile: a strided input gradient is no blocked convolution');
  return emitBlockedConvolution(
    {
      x: upstream,
      weight: blockedBackwardWeight(weight, [out, into, height, width], emit.block, emit),
      kernel: [height, width],
      geometry: { stride: [1, 1], dilation: tensor.attributes.dilation, padding },
    },
    emit,
    passing,
  );
}

/** An input gradient on blocks of channels. */
export const emitInputGradientInBlocks = (
  { tensor, passing }: KernelOf<'blocked input gradient'>,
  [upstream = '', weight = '', residual]: readonly string[],
  emit: Emitter,
): string => emitBackwards(tensor, [upstream, weight], emit, { residual, activation: passing.activation });

/** 2⁶⁰: what a rectified value may be divided by and still be taken for positive. */
const TINY_INVERSE = 2 ** 60;

/**
 * Where y is an output of ReLU, [y > 0] = 2⁶⁰ · min(y, 2⁻⁶⁰) for every y that is not absurdly small, and the same goes for
 * leaky ones, limited by 2⁻⁶⁰·slope from below. A gradient that comes from a convolution takes the factor along in its
 * weight where that is smaller than the image, so that masking it costs two passes over the image.
 */
export function emitMaskedGradient(
  { tensor, slope, factorIn }: KernelOf<'masked gradient'>,
  [upstream = '', weight = '', rectified = '']: readonly string[],
  emit: Emitter,
): string {
  const limits = [emit.float(slope / TINY_INVERSE), emit.float(1 / TINY_INVERSE)];
  const tiny = emit.node('Clip', [rectified, ...limits]);
  if (factorIn === 'weight') {
    const scaled = emit.node('Mul', [weight, emit.float(TINY_INVERSE)]);
    return emit.node('Mul', [emitBackwards(tensor, [upstream, scaled], emit), tiny]);
  }
  const whole = emit.node('Mul', [tiny, emit.float(TINY_INVERSE)]);
  return emit.node('Mul', [emitBackwards(tensor, [upstream, weight], emit), whole]);
}
