import { BLOCKED } from './blocked-domain.js';
import type { PrimitiveName, Tensor, TensorOf } from '../tensor/index.js';
import { emitBatchLastSum } from './batch-last.js';
import {
  emitConvolutionInBlocks,
  emitInputGradientInBlocks,
  emitMaskedGradient,
} from './blocked/convolution.js';
import { emitBlockedPointwiseWeightGradient, emitStrips } from './blocked/weight-gradient.js';
import { emitScaledWinograd, emitWinograd } from './blocked/winograd.js';
import type { Emitter } from './emitter.js';
import { emitTransposedConvolution } from './lower-convolution.js';
import { emitPairs, emitPairsBack, emitPairsOfWeight } from './lower-depthwise.js';
import {
  emitMix,
  emitMixBack,
  emitMixedWeightGradient,
  emitWeightGradientPerImage,
} from './lower-pointwise.js';
import { emitTapsToFew } from './lower-to-few-channels.js';
import { emitTapsOfFew } from './lower-weight-gradient.js';
import { lowerings, type Names } from './lowerings.js';
import type { KernelKind, KernelOf } from './plan/kernel.js';

/** Emits the ONNX nodes of one kernel, given the names of what it takes; returns the name of what it gives. */
type KernelEmitter<K extends KernelKind> = (
  kernel: KernelOf<K>,
  names: readonly string[],
  emit: Emitter,
) => string;

/** Whether there is a name for each input. */
function areNamesOf<Inputs extends readonly Tensor[]>(
  names: readonly string[],
  inputs: Inputs,
): names is Names<Inputs> {
  return names.length === inputs.length;
}

function emitPrimitive<P extends PrimitiveName>(
  tensor: TensorOf<P>,
  names: readonly string[],
  emit: Emitter,
): string {
  const lowering = lowerings[tensor.primitive];
  if (!areNamesOf(names, tensor.inputs))
    throw new Error(`compile: ${tensor.primitive} got ${names.length} of ${tensor.inputs.length} inputs`);
  return lowering(tensor, names, emit);
}

/** Sums of each channel: over the pixels of each image, then over the images. */
function emitChannelSums(
  { tensor }: KernelOf<'channel sums'>,
  [x = '']: readonly string[],
  emit: Emitter,
): string {
  const { block } = emit;
  const [batch = 1, channels = 1, height = 1, width = 1] = tensor.inputs[0].shape;
  const pixels = emit.reshape(x, [(batch * channels) / block, height * width, block]);
  const perImage = emit.reshape(emit.sumOut(pixels, [1]), [batch, channels]);
  return emit.reshape(emit.sumOut(perImage, [0]), tensor.shape);
}

function emitWindows(
  { operator, attributes, factor }: KernelOf<'windows'>,
  names: readonly string[],
  emit: Emitter,
): string {
  const result = emit.node(operator, names, attributes, BLOCKED);
  return factor === undefined ? result : emit.node('Mul', [result, emit.float(factor)]);
}

/** How each kernel is spelled in ONNX: as a plan says, without a choice. */
const emitters: { readonly [K in KernelKind]: KernelEmitter<K> } = {
  primitive: ({ tensor }, names, emit) => emitPrimitive(tensor, names, emit),
  'in passing': () => {
    throw new Error('compile: what is computed in passing has no value of its own');
  },
  'blocked convolution': emitConvolutionInBlocks,
  'blocked input gradient': emitInputGradientInBlocks,
  'masked gradient': emitMaskedGradient,
  strips: emitStrips,
  'blocked pointwise weight gradient': emitBlockedPointwiseWeightGradient,
  'channel sums': emitChannelSums,
  windows: emitWindows,
  winograd: emitWinograd,
  'scaled winograd': emitScaledWinograd,
  mix: emitMix,
  'mix back': emitMixBack,
  'mixed weight gradient': emitMixedWeightGradient,
  'weight gradient per image': emitWeightGradientPerImage,
  pairs: emitPairs,
  'pairs back': emitPairsBack,
  'pairs of weight': emitPairsOfWeight,
  'taps to few': emitTapsToFew,
  'taps of few': emitTapsOfFew,
  'taps of few upstream': emitTapsOfFew,
  'transposed convolution': emitTransposedConvolution,
  'batch-last sum': ({ tensor }, [x = ''], emit) => emitBatchLastSum(tensor, x, emit),
  'sum of squares': ({ tensor }, [x = ''], emit) =>
    emit.node('ReduceSumSquare', [x, emit.integers(tensor.attributes.axes)], { keepdims: 1 }),
};

/**
 * Emits the nodes of a kernel.
 *
 * @param names of what it takes, in the layouts of its step
 * @returns the name of its value, in the layout of its step
 */
export function emitKernel<K extends KernelKind>(
  kernel: KernelOf<K>,
  names: readonly string[],
  emit: Emitter,
): string {
  const emitter = emitters[kernel.kind];
  return emitter(kernel, names, emit);
}
