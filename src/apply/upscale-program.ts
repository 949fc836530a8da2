import { applyNetwork } from '../nn/index.js';
import {
  grouped,
  maximum,
  minimum,
  type Program,
  type Tensor,
  type TensorValue,
  trace,
} from '../tensor/index.js';
import { inUse, type NetworkWeights } from '../networks/index.js';
import { crispEdges, crispReach } from '../upscale/anywhere.js';
import type { PictureProgram } from './apply-in-tiles.js';

/**
 * The program that enlarges a picture of one size. Inputs: `picture`, `[1, 3, height, width]`, `[0, 1]`; the group
 * `parameter`; `sharpen`, of one number, where it is given with each picture. Output: `upscaled`, `[1, 3, height · scale, width · scale]`,
 * sharpened where that is wished, clamped to `[0, 1]`.
 */
function programOfSize(
  { description: { network, scale }, parameters }: NetworkWeights,
  { height, width }: { readonly height: number; readonly width: number },
  sharpen: Sharpening,
): Program {
  return trace(({ input, inputs }) => {
    const picture = input('picture', [1, 3, height, width]);
    const enlarged = applyNetwork(network, inputs('parameter', parameters), picture);
    const upscaled = clamped(enlarged);
    if (sharpen === 0) return { upscaled };
    const strength = sharpen === 'given' ? input('sharpen', [1, 1, 1, 1]) : sharpen;
    return { upscaled: clamped(crispEdges(upscaled, scale, strength)) };
  });
}

const clamped = (x: Tensor): Tensor => minimum(maximum(x, 0), 1);

/** How much edges and detail of a result are sharpened, 0 to 1, or that it is given with each picture; see {@link givenSharpening}. */
type Sharpening = number | 'given';

/** What a program is given that is sharpened with each picture as is wished. */
export const givenSharpening = (sharpen: number): Readonly<Record<string, TensorValue>> => ({
  sharpen: { dtype: 'float32', shape: [1, 1, 1, 1], data: Float32Array.of(sharpen) },
});

/**
 * How a network enlarges pictures of any size: in one pass, in the form in which it is used.
 *
 * @param sharpen how much edges and detail of the result are sharpened
 */
export function upscaleProgram(learnt: NetworkWeights, sharpen: Sharpening = 0): PictureProgram {
  const weights = inUse(learnt);
  const { scale, multiple, reach } = weights.description;
  return {
    trace: (size) => programOfSize(weights, size, sharpen),
    picture: 'picture',
    result: 'upscaled',
    constants: grouped('parameter', weights.parameters),
    scale,
    multiple,
    margin: reach + (sharpen === 0 ? 0 : Math.ceil(crispReach(scale) / scale)),
    border: 0,
  };
}
