import { learnsFromPairs } from '../../denoise/index.js';
import { type Picture, type HeldPicture, pictureOf } from '../../images/index.js';
import { createRandom } from '../../random.js';
import type { Runtime } from '../../runtime/index.js';
import { type Budget, budgetOr, budgetWords, type TrainingState } from '../../training/index.js';
import type { Progress } from '../../apply/index.js';
import { adaptToOwnNoise, adaptingSteps, ownNoiseRecipe } from './adapt-to-own-noise.js';
import {
  methodNamed,
  trainableMethodNamed,
  type DenoiserWeights,
  type StartOptions,
} from '../../models/index.js';
import { fromPictures, learn, learntParameters, type Recipe, settleRecipe } from '../../runs/index.js';
import { measuredInput, type RemovalSettings } from '../../apply/index.js';
import { noisySquares } from './noisy-squares.js';
import { seedOf } from '../../option-checks.js';
import { present } from '../../present.js';

/** Minutes of training on the given pictures, where nothing else is said. */
export const DEFAULT_MINUTES = { adapt: 1, supervised: 3, fromScratch: 8 } as const;

/** What learning from the pictures that are to be denoised is told. */
export interface AdaptOptions extends StartOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Learns from noisy pictures; gives the weights that are better. */
export type Adapting = (
  runtime: Runtime,
  inputs: readonly HeldPicture[],
  removing: Pick<RemovalSettings, 'strength'>,
) => Promise<DenoiserWeights>;

/**
 * Checks how weights are to learn from the pictures that are to be denoised: self-supervised, or, where they learnt from pairs,
 * from pairs that are made of the pictures themselves.
 *
 * @throws OptionError for options that the method cannot take
 */
export function adaptingOf(options: AdaptOptions, start: DenoiserWeights): Adapting {
  const trained = options.fromScratch !== true;
  const seed = seedOf(options);
  const method = trainableMethodNamed(start.method);
  if (learnsFromPairs(method)) {
    const recipe = ownNoiseRecipe(options, start.description);
    const budget = budgetOr(options, { steps: adaptingSteps, minutes: DEFAULT_MINUTES.supervised });
    return async (runtime, inputs, removing) => {
      const random = createRandom(seed, 0xada);
      const noisy = async (input: HeldPicture): Promise<Picture | undefined> => {
        const measured = await measuredInput(input, removing);
        return measured !== undefined && measured.strength > 0 ? measured.mapped : undefined;
      };
      const squares = await noisySquares(inputs, noisy, random);
      const state = await adaptToOwnNoise(runtime, squares, start, {
        ...{ method, recipe, budget, random, seed },
        ...watching(options),
      });
      return state === undefined ? start : adapted(start, state, recipe, inputs.length, options);
    };
  }
  const recipe = settleRecipe(options, methodNamed(start.method), start.description, trained);
  const minutes = trained ? DEFAULT_MINUTES.adapt : DEFAULT_MINUTES.fromScratch;
  const budget: Budget = budgetOr(options, { minutes });
  return async (runtime, inputs) => {
    if (trained)
      options.onProgress?.({ kind: 'note', message: `Learning by ${method.name}: ${budgetWords(budget)}` });
    const files = inputs.filter((input) => typeof input === 'string');
    const pictures = await Promise.all(
      inputs.filter((input) => typeof input !== 'string').map((input) => pictureOf(input)),
    );
    const state = await learn(runtime, {
      recipe,
      budget,
      open: fromPictures({ method, description: start.description, seed, files, pictures }),
      start: start.parameters,
      ...watching(options),
    });
    options.signal?.throwIfAborted();
    return adapted(start, state, recipe, inputs.length, options);
  };
}

function watching({ onProgress, signal }: AdaptOptions): Pick<AdaptOptions, 'onProgress' | 'signal'> {
  return present({ onProgress, signal });
}

function adapted(
  start: DenoiserWeights,
  state: TrainingState,
  recipe: Recipe,
  pictures: number,
  options: AdaptOptions,
): DenoiserWeights {
  const record = {
    method: start.method,
    steps: (start.record.steps ?? 0) + state.step,
    seconds: (start.record.seconds ?? 0) + Math.round(state.seconds),
    seed: seedOf(options),
    pictures,
    ...(typeof options.weights === 'string'
      ? { startedFrom: options.weights }
      : options.fromScratch
        ? {}
        : { startedFrom: 'the weights of the package' }),
  };
  return { ...start, parameters: learntParameters(state, recipe), record };
}
