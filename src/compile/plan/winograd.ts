import type { Tensor, TensorOf } from '../../tensor/index.js';
import { extent, imageShape, isPrimitive } from '../../tensor/index.js';
import type { Costs } from './costs.js';
import { POINTS, rowsOf, tilesOf } from './image-rows.js';
import type { Block } from '../emitter.js';

/** A convolution that Winograd's minimal filtering can compute: 3×3, as high as its image, every weight known. */
export interface WinogradConvolution {
  /** The images whose channels are joined before it, or the one image. */
  readonly parts: readonly Tensor[];
  /** `[out, into, 3, 3]`. */
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly out: number;
  readonly into: number;
  /** Columns of zeros on the left and on the right. */
  readonly sides: readonly [number, number];
}

function floatsOf(tensor: Tensor): Float32Array | undefined {
  const data = isPrimitive(tensor, 'constant') ? tensor.attributes.data : undefined;
  return data instanceof Float32Array ? data : undefined;
}

/** The images that a joining of channels joins. */
function partsOf(x: Tensor): readonly Tensor[] {
  if (!isPrimitive(x, 'concat') || x.attributes.axis !== 1) return [x];
  return x.inputs.flatMap(partsOf);
}

function candidate(tensor: TensorOf<'convolution'>, block: Block): WinogradConvolution | undefined {
  const [x, weight, bias] = tensor.inputs;
  const { stride, dilation, padding, groups } = tensor.attributes;
  const [top, left, bottom, right] = padding;
  const [out, into, ...kernel] = imageShape(weight, 'convolution');
  const isOrdinary = [...stride, ...dilation, groups, top, bottom].every((value) => value === 1);
  if (!isOrdinary || kernel.join() !== '3,3' || out % block !== 0) return undefined;
  const [numbers, offsets] = [floatsOf(weight), bias && floatsOf(bias)];
  if (numbers === undefined || (bias !== undefined && offsets === undefined)) return undefined;
  const parts = partsOf(x);
  if (parts.some((part) => extent(part.shape, 1) % block !== 0)) return undefined;
  return { parts, weight: numbers, bias: offsets, out, into, sides: [left, right] };
}

/** How many convolutions look at each image. */
function audiences(convolutions: Iterable<WinogradConvolution>): ReadonlyMap<Tensor, number> {
  const counts = new Map<Tensor, number>();
  for (const { parts } of convolutions)
    for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return counts;
}

/**
 * Whether the multiplications saved are worth the transforms. An image is transformed once for all that look at it, and
 * heights that are no multiple of a tile's rows save less.
 */
function gains(
  tensor: Tensor,
  { parts, out, into }: WinogradConvolution,
  audience: ReadonlyMap<Tensor, number>,
  { block, costs }: { readonly block: Block; readonly costs: Costs },
): boolean {
  const rows = rowsOf(tensor, block);
  if (rows.batch * rows.height * rows.width < costs.winogradPixels) return false;
  const share = parts.reduce((sum, part) => sum + extent(part.shape, 1) / (audience.get(part) ?? 1), 0);
  const taps = 3 * rows.height;
  const saved = (taps - POINTS * tilesOf(rows)) / taps;
  return out * into * saved > costs.winogradTransform * (share + out);
}

/** Whether a program computes gradients of convolutions. */
const differentiates = (order: readonly Tensor[]): boolean =>
  order.some(
    (tensor) =>
      isPrimitive(tensor, 'convolutionInputGradient') || isPrimitive(tensor, 'convolutionWeightGradient'),
  );

/**
 * The convolutions that Winograd's minimal filtering computes faster. None in a program that differentiates: gradients ask
 * for the activations, and for their masks, in the ordinary order of rows.
 */
export function planWinograd(
  order: readonly Tensor[],
  block: Block,
  costs: Costs,
): ReadonlyMap<Tensor, WinogradConvolution> {
  const chosen = new Map<Tensor, WinogradConvolution>();
  if (differentiates(order)) return chosen;
  for (const tensor of order) {
    const found = isPrimitive(tensor, 'convolution') ? candidate(tensor, block) : undefined;
    if (found !== undefined) chosen.set(tensor, found);
  }
  // Whoever drops out leaves its share of the transforms to the others.
  let before: number;
  do {
    before = chosen.size;
    const audience = audiences(chosen.values());
    for (const [tensor, convolution] of chosen)
      if (!gains(tensor, convolution, audience, { block, costs })) chosen.delete(tensor);
  } while (chosen.size < before);
  return chosen;
}
