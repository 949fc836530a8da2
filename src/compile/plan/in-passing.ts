import type { Tensor, TensorOf } from '../../tensor/index.js';
import { elementCount, isPrimitive, sameShape } from '../../tensor/index.js';
import type { Activation, Kernel, Passing, Step } from './kernel.js';
import { fillsBlocks, type Planning, step, taken } from './planning.js';

type BlockedKernel = Kernel<'blocked convolution' | 'blocked input gradient'>;

/** The blocked convolution that computes a tensor and still waits; undefined where there is none. */
function waitingConvolution(
  tensor: Tensor,
  { forms, steps }: Planning,
): (Step & { readonly kernel: BlockedKernel }) | undefined {
  const planned = steps.get(tensor);
  if (planned === undefined || !forms.waits(tensor)) return undefined;
  const { kernel } = planned;
  return kernel.kind === 'blocked convolution' || kernel.kind === 'blocked input gradient'
    ? { ...planned, kernel }
    : undefined;
}

/** Leaves what a tensor's convolution computes to whoever follows. */
function leaveToFollower(tensor: Tensor, { forms, steps }: Planning): void {
  forms.drop(tensor);
  steps.set(tensor, step({ kind: 'in passing' }, [], 'blocked'));
}

/** The convolution behind x, with what follows it; undefined where none waits. */
function followed(x: Tensor, planning: Planning, passing: Passing, residual?: Tensor): Step | undefined {
  const convolution = waitingConvolution(x, planning);
  if (convolution === undefined) return undefined;
  leaveToFollower(x, planning);
  const takes = [...convolution.takes, ...taken('blocked', residual)];
  return step({ ...convolution.kernel, passing }, takes, 'blocked');
}

/** An activation is computed by the convolution before it. */
const activated = (x: Tensor, activation: Activation, planning: Planning): Step | undefined =>
  followed(x, planning, { activation });

/** A ReLU in passing; undefined where no convolution waits before it. */
export const planRelu = ({ inputs: [x] }: TensorOf<'relu'>, planning: Planning): Step | undefined =>
  activated(x, { name: 'Relu' }, planning);

/** The same of a leaky one. */
export const planLeakyRelu = (
  { inputs: [x], attributes: { slope } }: TensorOf<'leakyRelu'>,
  planning: Planning,
): Step | undefined => activated(x, { name: 'LeakyRelu', parameters: [slope] }, planning);

/** A sum whose operand comes from a convolution is computed by that. */
export function planSum({ inputs: [a, b] }: TensorOf<'add'>, planning: Planning): Step | undefined {
  for (const [x, other] of [[a, b] as const, [b, a] as const])
    if (sameShape(other.shape, x.shape) && other !== x) {
      const planned = followed(x, planning, { residual: true }, other);
      if (planned !== undefined) return planned;
    }
  return undefined;
}

/** A mask waits for the product that it belongs to. */
export function planMask(
  tensor: TensorOf<'step' | 'leakyStep'> & Tensor,
  { forms, block }: Planning,
): Step | undefined {
  const [x] = tensor.inputs;
  if (block === undefined || !forms.liesBlocked(x) || !fillsBlocks(tensor, block)) return undefined;
  return { ...step({ kind: 'primitive', tensor }, taken('blocked', x), 'blocked'), waits: true };
}

/** The slope left of zero of the activation whose derivative this is, and the activation's output. */
function maskOf(tensor: Tensor): { readonly slope: number; readonly rectified: Tensor } | undefined {
  const [rectified] = tensor.inputs;
  if (rectified === undefined) return undefined;
  if (isPrimitive(tensor, 'leakyStep')) return { slope: tensor.attributes.slope, rectified };
  return isPrimitive(tensor, 'step') ? { slope: 0, rectified } : undefined;
}

/** A gradient that comes from a convolution, times the mask of an activation. */
function maskedGradient({ inputs: [a, b] }: TensorOf<'multiply'>, planning: Planning): Step | undefined {
  for (const [gradient, other] of [[a, b] as const, [b, a] as const]) {
    const mask = maskOf(other);
    if (mask === undefined || !sameShape(gradient.shape, other.shape)) continue;
    const convolution = waitingConvolution(gradient, planning);
    if (convolution?.kernel.kind !== 'blocked input gradient') continue;
    const { rectified, slope } = mask;
    const isRectified = isPrimitive(rectified, 'relu') || isPrimitive(rectified, 'leakyRelu');
    if (!isRectified || !planning.forms.liesBlocked(rectified)) continue;
    leaveToFollower(gradient, planning);
    const { tensor } = convolution.kernel;
    const smallerWeight = elementCount(tensor.inputs[1].shape) <= elementCount(tensor.shape);
    return step(
      { kind: 'masked gradient', tensor, slope, factorIn: smallerWeight ? 'weight' : 'image' },
      [...convolution.takes, ...taken('blocked', rectified)],
      'blocked',
    );
  }
  return undefined;
}

/** A Winograd convolution times a number. */
function scaledWinograd({ inputs: [a, b] }: TensorOf<'multiply'>, { forms }: Planning): Step | undefined {
  for (const [convolved, factor] of [[a, b] as const, [b, a] as const])
    if (forms.has(convolved, 'points') && isPrimitive(factor, 'constant') && elementCount(factor.shape) === 1)
      return step(
        { kind: 'scaled winograd', convolved, factor: Number(factor.attributes.data[0]) },
        taken('points', convolved),
        'phased',
      );
  return undefined;
}

/** A product that goes with the convolution before it; undefined where there is none. */
export const planProduct = (tensor: TensorOf<'multiply'>, planning: Planning): Step | undefined =>
  scaledWinograd(tensor, planning) ?? maskedGradient(tensor, planning);
