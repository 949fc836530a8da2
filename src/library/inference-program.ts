import type { InferenceMethod, InferenceOptions } from '../denoise/index.js';
import { anySize } from '../denoise/index.js';
import { applyNetwork } from '../nn/index.js';
import type { Program, Tensor, TensorValue } from '../tensor/index.js';
import { maximum, minimum, trace } from '../tensor/index.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import type { NetworkWeights } from './network-weights.js';

/**
 * How a method denoises a picture of one size with a network of these weights' kind.
 *
 * Inputs: `noisy`, `[1, channels, height, width]`, `[0, 1]`; the group `draw` of what the method draws; the group
 * `parameter`. Output: `denoised`, of the same shape, clamped to `[0, 1]`.
 *
 * @param size multiples of what the method and the network take
 */
export function inferenceProgram(
  weights: DenoiserWeights,
  method: InferenceMethod,
  { height, width }: { readonly height: number; readonly width: number },
  options: InferenceOptions,
): Program {
  const { network, inputChannels, multiple } = weights.description;
  return trace(({ input, inputs }) => {
    const parameters = inputs('parameter', weights.parameters);
    const draws = inputs('draw', method.inference.specs({ batch: 1, height, width }, options));
    const noisy = input('noisy', [1, inputChannels, height, width]);
    const denoiser = anySize((x: Tensor) => applyNetwork(network, parameters, x), multiple);
    const denoised = method.inference.denoise(denoiser, noisy, options, draws);
    return { denoised: minimum(maximum(denoised, 0), 1) };
  });
}

/** The weights as the `parameter` inputs of {@link inferenceProgram}. */
export function parameterFeeds({
  parameters,
}: Pick<NetworkWeights, 'parameters'>): Readonly<Record<string, TensorValue>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [`parameter/${key}`, value] as const),
  );
}

/** What a method drew as the `draw` inputs of {@link inferenceProgram}. */
export function drawFeeds(
  draws: Readonly<Record<string, TensorValue>>,
): Readonly<Record<string, TensorValue>> {
  return Object.fromEntries(Object.entries(draws).map(([name, value]) => [`draw/${name}`, value] as const));
}
