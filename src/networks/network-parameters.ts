import type { ParameterDeclarations } from '../nn/index.js';
import { declareParameters } from '../nn/index.js';
import type { NetworkDescription } from './architecture.js';

/** Side of the picture that a network is shown to find out its parameters, which do not depend on it. */
const SIDE = 64;

/**
 * Shape and first values of every parameter of a network, by state-dict key.
 *
 * @example
 * initialiseParameters(networkParameters(architectures.student.ofSize({})), 0);
 */
export function networkParameters({
  network,
  inputChannels,
  multiple,
}: Pick<NetworkDescription, 'network' | 'inputChannels' | 'multiple'>): ParameterDeclarations {
  const side = Math.ceil(SIDE / multiple) * multiple;
  return declareParameters(network, [1, inputChannels, side, side]);
}
