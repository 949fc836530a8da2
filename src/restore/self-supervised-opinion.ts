import { createApplier, type SecondOpinion } from '../apply/index.js';
import { type InferenceMethod, plainInference } from '../denoise/index.js';
import { inferenceMethodNamed, loadDenoiserWeights, shippedDenoiserPath } from '../models/index.js';
import { once } from '../once.js';
import type { Runtime } from '../runtime/index.js';

/** Who is asked beside a network of this method: nobody, or the self-supervised weights of the package, read when they are first needed. */
export function opinionBeside({ inference }: InferenceMethod, runtime: Runtime): SecondOpinion | undefined {
  if (inference.secondOpinion !== true) return undefined;
  const open = once(async (name: 'self-supervised') => {
    const weights = await loadDenoiserWeights(shippedDenoiserPath(name));
    return createApplier(runtime, weights, inferenceMethodNamed(weights.method), { ...plainInference });
  });
  return () => open('self-supervised');
}
