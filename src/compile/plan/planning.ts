import type { Tensor } from '../../tensor/index.js';
import { elementCount, extent, isPrimitive } from '../../tensor/index.js';
import type { Block, LoweringDevice } from '../emitter.js';
import type { Costs } from './costs.js';
import type { Forms } from './forms.js';
import type { Kernel, Step, Taken } from './kernel.js';
import type { Layout } from './layout.js';
import type { WinogradConvolution } from './winograd.js';

/** What is known while a plan is made. */
export interface Planning {
  readonly device: LoweringDevice;
  /** Undefined where there are no convolutions on blocks of channels. */
  readonly block: Block | undefined;
  readonly costs: Costs;
  /** The forms that values have so far. */
  readonly forms: Forms<true>;
  /** What is decided so far. */
  readonly steps: Map<Tensor, Step>;
  /** How many tensors and outputs of the program need this one. */
  uses(tensor: Tensor): number;
  /** The convolutions that are computed by Winograd's minimal filtering. */
  readonly winograd: ReadonlyMap<Tensor, WinogradConvolution>;
}

/** Where the channels of images lie in blocks. */
export type BlockedPlanning = Planning & { readonly block: Block };

/** Tensors, all taken in one form; those that are missing are left out. */
export const taken = (layout: Layout, ...tensors: readonly (Tensor | undefined)[]): readonly Taken[] =>
  tensors.flatMap((tensor) => (tensor === undefined ? [] : { tensor, layout }));

/** A step that is computed in its turn. */
export const step = (kernel: Kernel, takes: readonly Taken[], gives: Layout): Step => ({
  kernel,
  takes,
  gives,
  waits: false,
});

/** Whether a tensor is an image whose channels fill blocks. */
export function fillsBlocks({ shape }: Tensor, block: Block): boolean {
  return shape.length === 4 && extent(shape, 1) % block === 0;
}

/** Whether a weight is known only when the program runs; ONNX Runtime lays out constant ones better than this can. */
export const isFed = (weight: Tensor): boolean => !isPrimitive(weight, 'constant');

/** Whether an image of this shape may lie with its batch last. */
export function mayLieBatchLast({ shape }: Tensor, { device, costs }: Planning): boolean {
  const [batch = 1, , height = 1, width = 1, ...more] = shape;
  return device === 'cpu' && more.length === 0 && batch > 1 && height * width <= costs.batchLastPixels;
}

/** Pixels of all pictures together. */
export const pixelsOf = ({ shape }: Tensor): number => elementCount(shape) / extent(shape, 1);
