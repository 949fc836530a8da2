import { parameterCount, type SizedPicture } from '../../api/index.js';
import type { EvaluationKind, NamedEvaluation } from './evaluation-kind.js';

/** What programs are told of one picture; an infinite PSNR becomes `null`, as JSON has no infinity. */
export function pictureFacts(weights: string, score: object): object {
  return { kind: 'picture', weights, ...score };
}

/** What programs are told of all pictures of some weights together. */
export function meanFacts<Item extends SizedPicture>(
  { file, evaluation }: NamedEvaluation<Item>,
  { facts }: EvaluationKind<Item>,
): object {
  const { device, pictures, mean, peakMemory, finished } = evaluation;
  const { method, description } = evaluation.weights;
  return {
    kind: 'mean',
    weights: file,
    method,
    architecture: description.architecture,
    config: description.config,
    parameters: parameterCount(evaluation.weights),
    ...facts,
    device,
    pictures: pictures.length,
    finished,
    ...mean,
    peakMemory,
  };
}
