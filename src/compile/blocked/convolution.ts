import type { ConvolutionGeometry, Tensor, TensorOf } from '../../tensor/index.js';
import { imageShape, isPrimitive } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import { backwardConvolution, TRANSPOSED_PIXELS } from '../lower-convolution.js';
import type { BlockedContext } from './context.js';
import type { Spelled } from './values.js';
import { blockedBackwardWeight, blockedWeight } from './weight-layout.js';

/** An activation that the convolution can apply, by ONNX Runtime's name. */
export interface Activation {
  readonly name: 'Relu' | 'LeakyRelu';
  readonly parameters?: readonly number[];
}

/** What the convolution does in passing: a residual that is added, then an activation. */
export interface Passing {
  readonly residual?: string;
  readonly activation?: Activation;
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
  { residual, activation }: Passing = {},
): string {
  const inputs = [x, weight, bias ?? '', residual ?? ''];
  while (inputs.at(-1) === '') inputs.pop();
  const attributes = {
    kernel_shape: kernel,
    strides: geometry.stride,
    dilations: geometry.dilation,
    pads: geometry.padding,
    group: 1,
    ...(activation === undefined ? {} : { activation: activation.name }),
    ...(activation?.parameters === undefined ? {} : { activation_params: { floats: activation.parameters } }),
  };
  return emit.node('Conv', inputs, attributes, { domain: 'com.microsoft.nchwc' });
}

/** Whether a weight is known only when the program runs; ONNX Runtime lays out constant ones better than this can. */
const isFed = (weight: Tensor): boolean => !isPrimitive(weight, 'constant');

/**
 * Pixels, of all pictures together, from which on a convolution with a kernel repays the laying out of its weight. That is
 * as much work for one pixel as for a million; below, the plain form takes the weight as it is. Measured with 128 to 512
 * channels.
 */
const WORTHWHILE_PIXELS = { forward: 257, backward: TRANSPOSED_PIXELS + 1 } as const;

/**
 * Whether a convolution from `into` to `out` channels gains by the blocked form. A 1×1 convolution is a product of matrices
 * and as fast in the plain form, so it gains only where its image lies blocked already.
 *
 * @param x what it convolves
 * @param result an image of as many pixels as it computes
 */
function gains(
  { x, result, way }: { readonly x: Tensor; readonly result: Tensor; readonly way: 'forward' | 'backward' },
  [out, into, height, width]: readonly [number, number, number, number],
  groups: number,
  { block, values }: BlockedContext,
): boolean {
  if (groups !== 1 || out % block !== 0 || into % block !== 0) return false;
  const [batch, , rows, columns] = imageShape(result, 'convolution');
  if (batch * rows * columns < WORTHWHILE_PIXELS[way]) return false;
  return height * width > 1 || values.liesBlocked(x);
}

/** How a convolution is spelled in blocked form, and what it may take along; undefined where the plain form is better. */
export function blockedConvolution(
  tensor: TensorOf<'convolution'>,
  context: BlockedContext,
): ((passing: Passing) => Spelled) | undefined {
  const [x, weight, bias] = tensor.inputs;
  const shape = imageShape(weight, 'convolution');
  const { emit, values, block } = context;
  const convolved = { x, result: tensor, way: 'forward' } as const;
  // Where Winograd's convolutions left a blocked image, ONNX Runtime would not find out.
  const goesOn = context.winograd.chosen.size > 0 && values.liesBlocked(x);
  if (!isFed(weight) && !goesOn) return undefined;
  if (!gains(convolved, shape, tensor.attributes.groups, context)) return undefined;
  return (passing) => ({
    layout: 'blocked',
    name: emitBlockedConvolution(
      {
        x: values.blocked(x),
        weight: blockedWeight(values.plain(weight), shape, block, emit),
        ...(bias === undefined ? {} : { bias: values.plain(bias) }),
        kernel: [shape[2], shape[3]],
        geometry: tensor.attributes,
      },
      emit,
      passing,
    ),
  });
}

/** The same of the gradient in the input: at stride 1 a convolution of the upstream gradient with the turned weight. */
export function blockedInputGradient(
  tensor: TensorOf<'convolutionInputGradient'>,
  context: BlockedContext,
): ((passing: Passing & { readonly scale?: number }) => Spelled) | undefined {
  const [upstream, weight] = tensor.inputs;
  const [out, into, height, width] = imageShape(weight, 'convolutionInputGradient');
  const { emit, values, block } = context;
  const backward = backwardConvolution(tensor);
  if (backward === undefined || !isFed(weight)) return undefined;
  const convolved = { x: upstream, result: tensor, way: 'backward' } as const;
  if (!gains(convolved, [into, out, height, width], tensor.attributes.groups, context)) return undefined;
  return ({ scale, ...passing }) => {
    const plain = values.plain(weight);
    const scaled = scale === undefined ? plain : emit.node('Mul', [plain, emit.float(scale)]);
    return {
      layout: 'blocked',
      name: emitBlockedConvolution(
        {
          x: values.blocked(upstream),
          weight: blockedBackwardWeight(scaled, [out, into, height, width], block, emit),
          kernel: [height, width],
          geometry: { stride: [1, 1], dilation: tensor.attributes.dilation, padding: backward },
        },
        emit,
        passing,
      ),
    };
  };
}
