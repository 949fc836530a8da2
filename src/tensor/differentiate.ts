import { structuralGradients } from './gradients.js';
import { add, broadcastTo, scalar } from './operations/index.js';
import type { ElementwiseName, StructuralName } from './primitives.js';
import { formatShape } from './shape.js';
import type { Tensor, TensorOf } from './tensor.js';
import { byKind, declarationOf } from './traits.js';
import { topologicalOrder } from './walk.js';

function elementwiseGradients<P extends ElementwiseName>(
  { primitive, inputs, attributes }: TensorOf<P>,
  output: Tensor,
  upstream: Tensor,
): readonly (Tensor | undefined)[] {
  return declarationOf(primitive).gradient({ inputs, attributes, output, upstream });
}

function structureGradients<P extends StructuralName>(
  { primitive, inputs, attributes }: TensorOf<P>,
  output: Tensor,
  upstream: Tensor,
): readonly (Tensor | undefined)[] {
  const rule = structuralGradients[primitive];
  return rule({ inputs, attributes, output, upstream });
}

const inputGradients = (tensor: Tensor, upstream: Tensor): readonly (Tensor | undefined)[] =>
  byKind(
    tensor,
    (elementwise) => elementwiseGradients(elementwise, tensor, upstream),
    (structural) => structureGradients(structural, tensor, upstream),
  );

/**
 * Reverse-mode differentiation as a transformation of graphs: dL/d target for every target, as tensors
 * that can be compiled, or differentiated again. Targets that do not influence `loss` get zeros.
 *
 * @param upstream dL/d loss, of the loss's shape; 1 by default, for a scalar loss.
 *
 * @example
 * const [slope] = gradientsOf(sum(multiply(x, x)), [x]); // 2x
 */
export function gradientsOf(loss: Tensor, targets: readonly Tensor[], upstream?: Tensor): readonly Tensor[] {
  if (upstream === undefined && loss.shape.length > 0)
    throw new RangeError(
      `gradientsOf: the loss must be a scalar, got ${formatShape(loss.shape)}; give its upstream gradient`,
    );
  const order = topologicalOrder([loss]);
  const onPath = new Set<Tensor>(targets);
  for (const tensor of order) if (tensor.inputs.some((input) => onPath.has(input))) onPath.add(tensor);

  const gradients = new Map<Tensor, Tensor>([[loss, upstream ?? scalar(1)]]);
  for (const tensor of order.reverse()) {
    const gradient = gradients.get(tensor);
    if (gradient === undefined || !onPath.has(tensor)) continue;
    const contributions = inputGradients(tensor, gradient);
    for (const [index, input] of tensor.inputs.entries()) {
      const contribution = contributions[index];
      if (contribution === undefined || !onPath.has(input)) continue;
      const sofar = gradients.get(input);
      gradients.set(input, sofar === undefined ? contribution : add(sofar, contribution));
    }
  }
  return targets.map((target) => gradients.get(target) ?? broadcastTo(scalar(0), target.shape));
}
