import { learnsFromPairs, learnsFromPictures } from '../denoise/index.js';
import { OptionError } from '../errors.js';
import { networkParameters } from '../networks/index.js';
import { initialiseParameters } from '../nn/index.js';
import { architectureNamed, inferenceMethodNamed, methodNamed } from './denoiser-options.js';
import { type DenoiserWeights, loadDenoiserWeights } from './denoiser-weights.js';
import type { LearningOptions, StartOptions } from './learning-options.js';
import { checkTask } from './network-weights.js';
import { shippedDenoiserPath } from './shipped-weights.js';

/** Where denoising starts. */
export interface Start {
  readonly weights: DenoiserWeights;
  /** Whether the given pictures are learnt from. */
  readonly learns: boolean;
}

/**
 * Settles what a denoiser starts from, and whether it learns from the pictures that it is given.
 *
 * @throws RevelaError for weights that cannot be read; OptionError for options that exclude each other
 *
 * @example
 * const { weights, learns } = await startOf({ method: 'sdap', adapt: true });
 */
export async function startOf(options: StartOptions): Promise<Start> {
  const { fromScratch = false, adapt, weights } = options;
  if (adapt === false && fromScratch)
    throw new OptionError('a network from scratch must be trained: leave out `adapt: false`');
  if (fromScratch) return { weights: freshWeights(options), learns: true };
  if ((options.network ?? options.channels ?? options.baseChannels ?? options.modules) !== undefined)
    throw new OptionError(
      '`network`, `channels`, `baseChannels` and `modules` are for a new network: add `fromScratch`, or leave them out',
    );
  const asked = adapt ?? saysHowToLearn(options);
  const shipped = options.method === undefined ? 'general' : 'self-supervised';
  const loaded =
    typeof weights === 'object'
      ? weights
      : await loadDenoiserWeights(weights ?? shippedDenoiserPath(shipped));
  checkTask(loaded, 'denoise');
  const start = options.method === undefined ? loaded : { ...loaded, method: options.method };
  const method = inferenceMethodNamed(start.method);
  const selfSupervised = learnsFromPictures(method);
  const able = selfSupervised || learnsFromPairs(method);
  if (adapt === true && !able)
    throw new OptionError(
      `weights of the method ${start.method} do not learn from noisy pictures: leave out \`adapt\`, or take others, such as \`weights\` general`,
    );
  return { weights: start, learns: able && (adapt ?? (asked || (selfSupervised && weights !== undefined))) };
}

/** Whether an option means something only where there is learning. */
export function saysHowToLearn({
  minutes,
  steps,
  method,
  patch,
  batch,
  learningRate,
}: LearningOptions): boolean {
  return (minutes ?? steps ?? method ?? patch ?? batch ?? learningRate) !== undefined;
}

/** A new network, which knows nothing yet. */
function freshWeights(options: StartOptions): DenoiserWeights {
  if (options.weights !== undefined)
    throw new OptionError('`fromScratch` starts from nothing: leave out `weights`');
  const { name, defaultNetwork } = methodNamed(options.method ?? 'sdap');
  const description = architectureNamed(options.network ?? defaultNetwork).ofSize(options);
  const parameters = initialiseParameters(networkParameters(description), options.seed ?? 0);
  return { method: name, description, parameters, record: {}, licence: 'unknown' };
}
