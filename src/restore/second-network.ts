import { createApplier, type SecondNetwork } from '../apply/index.js';
import { type InferenceMethod, plainInference } from '../denoise/index.js';
import { inferenceMethodNamed, loadDenoiserWeights, shippedDenoiserPath } from '../models/index.js';
import { lazily } from '../once.js';
import { present } from '../present.js';
import type { Runtime } from '../runtime/index.js';

/**
 * Who is asked beside a network of this method: nobody, or the self-supervised weights of the package, read when they are first needed.
 *
 * @param tile the largest side of their tiles, in pixels; default: by the network
 */
export function networkBeside(
  { inference }: InferenceMethod,
  runtime: Runtime,
  tile?: number,
): SecondNetwork | undefined {
  if (inference.secondNetwork !== true) return undefined;
  return lazily(async () => {
    const weights = await loadDenoiserWeights(shippedDenoiserPath('self-supervised'));
    const method = inferenceMethodNamed(weights.method);
    return createApplier(runtime, weights, method, { ...plainInference, ...present({ tile }) });
  });
}
