import type { PrimitiveName, Tensor, TensorOf } from '../../tensor/index.js';
import { isElementwise, topologicalOrder } from '../../tensor/index.js';
import type { LoweringTarget } from '../emitter.js';
import { planConvolution, planInputGradient } from './convolutions.js';
import { type Costs, measuredCosts } from './costs.js';
import { Forms } from './forms.js';
import {
  planBlockSum,
  planConcat,
  planElementwise,
  planMaxPool,
  planReduction,
  planSlice,
  planUpsample,
} from './images.js';
import { planLeakyRelu, planMask, planProduct, planRelu, planSum } from './in-passing.js';
import type { Plan, Step } from './kernel.js';
import { type Planning, step, taken } from './planning.js';
import { planWeightGradient } from './weight-gradient.js';
import { planWinograd } from './winograd.js';

/** Decides how a tensor is computed; undefined where its primitive's lowering is to do it, as it does with any other. */
type Planner<P extends PrimitiveName> = (
  tensor: TensorOf<P> & Tensor,
  planning: Planning,
) => Step | undefined;

/** Primitives of which there is more to decide than the layout in which an operation on each number goes on. */
const planners: { readonly [P in PrimitiveName]?: Planner<P> } = {
  convolution: planConvolution,
  convolutionInputGradient: planInputGradient,
  convolutionWeightGradient: planWeightGradient,
  relu: planRelu,
  leakyRelu: planLeakyRelu,
  step: planMask,
  leakyStep: planMask,
  add: planSum,
  multiply: planProduct,
  concat: planConcat,
  slice: planSlice,
  maxPool: planMaxPool,
  upsample: planUpsample,
  blockSum: planBlockSum,
  sum: planReduction,
};

function special<P extends PrimitiveName>(
  tensor: TensorOf<P> & Tensor,
  planning: Planning,
): Step | undefined {
  const planner = planners[tensor.primitive];
  return planner?.(tensor, planning);
}

/** How many tensors and outputs need each tensor. */
function useCounts(order: readonly Tensor[], outputs: readonly Tensor[]): (tensor: Tensor) => number {
  const counts = new Map<Tensor, number>();
  for (const used of [...order.flatMap(({ inputs }) => [...inputs]), ...outputs])
    counts.set(used, (counts.get(used) ?? 0) + 1);
  return (tensor) => counts.get(tensor) ?? 0;
}

/**
 * Decides, for every tensor that the outputs need, by which kernel it is computed and in which layout it is left. Nothing is
 * decided anywhere else: what emits a plan does as it says.
 *
 * @param outputs of a simplified program
 * @param costs by which it is decided
 */
export function planProgram(
  outputs: readonly Tensor[],
  { device, block }: LoweringTarget,
  costs: Costs = measuredCosts,
): Plan {
  const order = topologicalOrder(outputs);
  const forms = new Forms<true>(() => true);
  const steps = new Map<Tensor, Step>();
  const planning: Planning = {
    device,
    block,
    costs,
    forms,
    steps,
    uses: useCounts(order, outputs),
    winograd: block === undefined ? new Map() : planWinograd(order, block, costs),
  };
  for (const tensor of order) {
    const planned =
      special(tensor, planning) ??
      (isElementwise(tensor) ? planElementwise(tensor, planning) : undefined) ??
      step({ kind: 'primitive', tensor }, taken('plain', ...tensor.inputs), 'plain');
    steps.set(tensor, planned);
    const compute = (): void => {
      for (const { tensor: input, layout } of planned.takes) forms.in(input, layout);
      forms.set(tensor, { layout: planned.gives, known: true });
    };
    if (planned.waits) forms.wait(tensor, compute);
    else compute();
  }
  for (const output of outputs) forms.in(output, 'plain');
  return steps;
}
