import type { Network, ParameterDeclarations } from '../nn/index.js';
import { declareParameters, applyNetwork, parameterSpecs } from '../nn/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { elementCount, multiplyAddsOf, topologicalOrder, trace } from '../tensor/index.js';
import type { NetworkDescription } from './architecture.js';
import { present } from '../present.js';

/** What a network costs. */
export interface NetworkCost {
  /** Numbers that training changes; running statistics are not counted. */
  readonly parameters: number;
  /** How many there are in the form in which it is used, where that is another. */
  readonly parametersInUse?: number;
  /** Multiplications with an addition, for one picture of the given size. */
  readonly multiplyAdds: number;
  readonly multiplyAddsPerPixel: number;
}

/** Multiplications with an addition of all convolutions and matrix products that `outputs` need. */
export function multiplyAdds(outputs: readonly Tensor[]): number {
  return topologicalOrder(outputs).reduce((sum, tensor) => sum + multiplyAddsOf(tensor), 0);
}

/** Multiplications of one pass. */
function multiplyAddsOnce(network: Network, declared: ParameterDeclarations, shape: Shape): number {
  const program = trace(({ input, inputs }) => ({
    output: applyNetwork(network, inputs('parameter', parameterSpecs(declared)), input('input', shape)),
  }));
  return multiplyAdds(Object.values(program.outputs));
}

/**
 * Counts a network's parameters and, in its traced program, its multiplications for one picture, in the form in which it is used.
 *
 * @param size `[height, width]` of the picture, multiples of what the network takes.
 *
 * @example
 * networkCost(architectures.student.ofSize({})).multiplyAddsPerPixel; // 203,897.25
 */
export function networkCost(
  { network, inputChannels, folded }: NetworkDescription,
  [height, width]: readonly [number, number] = [256, 256],
): NetworkCost {
  const shape = [1, inputChannels, height, width];
  const declared = declareParameters(network, shape);
  const inUse = folded === undefined ? undefined : networkCost(folded.description, [height, width]);
  const total = inUse?.multiplyAdds ?? multiplyAddsOnce(network, declared, shape);
  const learnt = [...declared].filter(([key]) => !/(^|\.)running_(mean|var)$/.test(key));
  return {
    parameters: learnt.reduce((sum, [, parameter]) => sum + elementCount(parameter.shape), 0),
    ...present({ parametersInUse: inUse?.parameters }),
    multiplyAdds: total,
    multiplyAddsPerPixel: total / (height * width),
  };
}
