import { type DenoiserEvaluation, type PictureScore, parameterCount } from '../library/index.js';

/** What programs are told of one picture; an infinite PSNR becomes `null`, as JSON has no infinity. */
export function pictureFacts(weights: string, score: PictureScore): object {
  const { name, noisy, clean, width, height, ...scores } = score;
  return { kind: 'picture', weights, name, noisy, clean, width, height, ...scores };
}

/** What programs are told of all pictures of one denoiser together. */
export function meanFacts(weights: string, evaluation: DenoiserEvaluation): object {
  const { device, pictures, mean, peakMemory, finished } = evaluation;
  const { method, description } = evaluation.weights;
  return {
    kind: 'mean',
    weights,
    method,
    architecture: description.architecture,
    config: description.config,
    parameters: parameterCount(evaluation.weights),
    device,
    pictures: pictures.length,
    finished,
    ...mean,
    peakMemory,
  };
}
