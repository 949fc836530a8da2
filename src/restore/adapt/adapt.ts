import { learnsFromPairs } from '../../denoise/index.js';
import type { LearntWeights } from '../../networks/index.js';
import { type LearningOptions, methodNamed, trainableMethodNamed } from '../../models/anywhere.js';
import { seedOf } from '../../option-checks.js';
import type { Picture } from '../../pixels/index.js';
import { present } from '../../present.js';
import { createRandom } from '../../random.js';
import { fromPictures, learn, learntParameters, type Recipe, settleRecipe } from '../../runs/anywhere.js';
import type { Runtime } from '../../runtime/index.js';
import { type Budget, budgetOr, budgetWords, type TrainingState } from '../../training/index.js';
import { adaptingSteps, adaptToOwnNoise, ownNoiseRecipe } from './adapt-to-own-noise.js';
import { type AdaptingState, learningSignal, type WatchAdapting } from './adapting-state.js';
import { noisySquares } from './noisy-squares.js';

/** Minutes of training on the given pictures, where nothing else is said. */
export const DEFAULT_MINUTES = { adapt: 1, supervised: 3, fromScratch: 8 } as const;

/** What learning from the pictures that are to be denoised is told. */
export interface AdaptOptions extends LearningOptions, WatchAdapting {
  /** Where the weights came from, where that can be said. */
  readonly weights?: unknown;
  readonly fromScratch?: boolean | undefined;
}

/** The noisy pictures that are learnt from, wherever they are. */
export interface NoisyInputs<Input> {
  readonly inputs: readonly Input[];
  /** A picture in the range of networks; nothing where it has no noise that is to be taken away, or cannot be read. */
  noisy(input: Input): Promise<Picture | undefined>;
  /** All of them: files, and pictures that are in memory. */
  contents(): Promise<{ readonly files?: readonly string[]; readonly pictures?: readonly Picture[] }>;
}

/** Learns from noisy pictures; gives the weights that are better. */
export type Adapting = <Input>(runtime: Runtime, given: NoisyInputs<Input>) => Promise<LearntWeights>;

/**
 * Checks how weights are to learn from the pictures that are to be denoised: self-supervised, or, where they learnt from pairs,
 * from pairs that are made of the pictures themselves.
 *
 * @throws OptionError for options that the method cannot take
 */
export function adaptingOf(options: AdaptOptions, start: LearntWeights): Adapting {
  const trained = options.fromScratch !== true;
  const seed = seedOf(options);
  const method = trainableMethodNamed(start.method);
  const { onProgress, onCalibration, signal, finish, onState, stateEvery, from } = options;
  if (learnsFromPairs(method)) {
    const recipe = ownNoiseRecipe(options, start.description);
    const budget = budgetOr(options, { steps: adaptingSteps, minutes: DEFAULT_MINUTES.supervised });
    return async (runtime, { inputs, noisy }) => {
      const random = createRandom(seed, 0xada);
      const squares = await noisySquares(inputs, noisy, random);
      const state = await adaptToOwnNoise(runtime, squares, start, {
        ...{ method, recipe, budget, random, seed },
        ...present({ onProgress, onCalibration, signal, finish, onState, stateEvery, from }),
      });
      return state === undefined ? start : adapted(start, state, recipe, inputs.length, options);
    };
  }
  const recipe = settleRecipe(options, methodNamed(start.method), start.description, trained);
  const minutes = trained ? DEFAULT_MINUTES.adapt : DEFAULT_MINUTES.fromScratch;
  const budget: Budget = budgetOr(options, { minutes });
  const keep = async (training: TrainingState): Promise<void> => {
    const state: AdaptingState = { training };
    await onState?.(state, learntParameters(training, recipe));
  };
  return async (runtime, { inputs, contents }) => {
    if (trained)
      onProgress?.({ kind: 'note', message: `Learning by ${method.name}: ${budgetWords(budget)}` });
    const state = await learn(runtime, {
      recipe,
      budget,
      open: fromPictures({ method, description: start.description, seed, ...(await contents()) }),
      start: from?.training ?? start.parameters,
      ...present({
        onProgress,
        signal: learningSignal(signal, finish),
        checkpointEvery: stateEvery,
        onCheckpoint: onState && keep,
      }),
    });
    signal?.throwIfAborted();
    if (state.step === 0) return start;
    return adapted(start, state, recipe, inputs.length, options);
  };
}

function adapted(
  start: LearntWeights,
  state: TrainingState,
  recipe: Recipe,
  pictures: number,
  options: AdaptOptions,
): LearntWeights {
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
