import { applyNetwork } from '../nn/index.js';
import { grouped, maximum, minimum, type Program, trace } from '../tensor/index.js';
import type { PictureProgram } from './apply-in-tiles.js';
import { inUse, type NetworkWeights } from '../networks/index.js';

/**
 * The program that enlarges a picture of one size. Inputs: `picture`, `[1, 3, height, width]`, `[0, 1]`; the group
 * `parameter`. Output: `upscaled`, `[1, 3, height · scale, width · scale]`, clamped to `[0, 1]`.
 */
function programOfSize(
  { description: { network }, parameters }: NetworkWeights,
  { height, width }: { readonly height: number; readonly width: number },
): Program {
  return trace(({ input, inputs }) => {
    const picture = input('picture', [1, 3, height, width]);
    const upscaled = applyNetwork(network, inputs('parameter', parameters), picture);
    return { upscaled: minimum(maximum(upscaled, 0), 1) };
  });
}

/** How a network enlarges pictures of any size: in one pass, in the form in which it is used. */
export function upscaleProgram(learnt: NetworkWeights): PictureProgram {
  const weights = inUse(learnt);
  const { scale, multiple, reach } = weights.description;
  return {
    trace: (size) => programOfSize(weights, size),
    picture: 'picture',
    result: 'upscaled',
    constants: grouped('parameter', weights.parameters),
    scale,
    multiple,
    margin: reach,
    border: 0,
  };
}
