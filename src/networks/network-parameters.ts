import type { ParameterDeclarations } from '../nn/index.js';
import { applyNetwork, declareParameters } from '../nn/index.js';
import { imageShape, trace } from '../tensor/index.js';
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

/** How many channels the pictures have that a network makes of those that it was made for. */
export function outputChannels(description: NetworkDescription): number {
  const { network, inputChannels, multiple } = description;
  const side = Math.ceil(SIDE / multiple) * multiple;
  const specs = Object.fromEntries(
    [...networkParameters(description)].map(([key, { shape }]) => [key, { shape }]),
  );
  const { outputs } = trace(({ input, inputs }) => ({
    picture: applyNetwork(network, inputs('parameter', specs), input('x', [1, inputChannels, side, side])),
  }));
  const [picture] = Object.values(outputs);
  return picture === undefined ? 0 : imageShape(picture, 'a network')[1];
}
