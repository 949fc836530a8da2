import type { TensorOf } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import type { Costs } from './costs.js';
import type { Block } from '../emitter.js';

/** How the pixels that a weight gradient sums over are dealt out. */
export interface Strips {
  /** Rows of the upstream gradient in a strip. */
  readonly rows: number;
  /** Strips of an image. */
  readonly perImage: number;
  /** Strips of all images, filled up to whole blocks. */
  readonly channels: number;
}

/** Which strips cost least: short ones fill blocks without waste, long ones overlap less. */
function dealOut(
  batch: number,
  [height, width]: readonly [number, number],
  overlap: number,
  block: Block,
  { stripPixels, stripOverlap }: Costs,
): Strips | undefined {
  let best: (Strips & { readonly cost: number }) | undefined;
  for (let rows = 1; rows <= height && rows * width <= stripPixels; rows++) {
    if (height % rows !== 0) continue;
    const perImage = height / rows;
    const channels = Math.ceil((batch * perImage) / block) * block;
    const cost = (channels / (batch * perImage)) * (1 + (stripOverlap * (rows + overlap)) / rows);
    if (best === undefined || cost < best.cost) best = { rows, perImage, channels, cost };
  }
  return best;
}

/**
 * The strips by which a weight gradient is a blocked convolution; undefined where it cannot be: strides, groups, 1×1 kernels,
 * images wider than a strip may have pixels.
 */
export function stripsOf(
  tensor: TensorOf<'convolutionWeightGradient'>,
  block: Block,
  costs: Costs,
): Strips | undefined {
  const [x, upstream] = tensor.inputs;
  const { stride, dilation, groups } = tensor.attributes;
  const [batch, into] = imageShape(x, 'convolutionWeightGradient');
  const [, out, height, width] = imageShape(upstream, 'convolutionWeightGradient');
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  if (groups !== 1 || stride[0] !== 1 || stride[1] !== 1 || kernelHeight * kernelWidth === 1)
    return undefined;
  if (out % block !== 0 || into < block) return undefined;
  return dealOut(batch, [height, width], dilation[0] * (kernelHeight - 1), block, costs);
}
