import { type InferenceMethod, type InferenceOptions, anySize } from '../denoise/index.js';
import { applyNetwork } from '../nn/index.js';
import { grouped, maximum, minimum, type Program, type Tensor, trace } from '../tensor/index.js';
import type { PictureProgram } from './apply-in-tiles.js';
import type { LearntWeights } from '../networks/index.js';

/**
 * How a method denoises a picture of one size with a network of these weights' kind.
 *
 * Inputs: `noisy`, `[1, 3, height, width]`, `[0, 1]`; the group `draw` of what the method draws; the group
 * `parameter`. Output: `denoised`, of the same shape, clamped to `[0, 1]`.
 *
 * @param size multiples of what the method and the network take
 */
function programOfSize(
  weights: LearntWeights,
  method: InferenceMethod,
  { height, width }: { readonly height: number; readonly width: number },
  options: InferenceOptions,
): Program {
  const { network, multiple } = weights.description;
  return trace(({ input, inputs }) => {
    const parameters = inputs('parameter', weights.parameters);
    const draws = inputs('draw', method.inference.specs({ batch: 1, height, width }, options));
    const noisy = input('noisy', [1, 3, height, width]);
    const denoiser = anySize((x: Tensor) => applyNetwork(network, parameters, x), multiple);
    const denoised = method.inference.denoise(denoiser, noisy, options, draws);
    return { denoised: minimum(maximum(denoised, 0), 1) };
  });
}

/** How a method denoises with these weights, for pictures of any size. */
export function denoisingProgram(
  weights: LearntWeights,
  method: InferenceMethod,
  options: InferenceOptions,
  seed = 0,
): PictureProgram {
  const { inference } = method;
  const { reach, multiple } = weights.description;
  return {
    trace: (size) => programOfSize(weights, method, size, options),
    picture: 'noisy',
    result: 'denoised',
    constants: grouped('parameter', weights.parameters),
    draw: (place) => grouped('draw', inference.draw(seed, place, options)),
    scale: 1,
    // Sub-sampled and whole pictures must both suit the network.
    multiple: inference.multiple(options) * multiple,
    margin: inference.margin(reach, options),
    border: inference.border,
  };
}
