import { disposable } from '../../belongings.js';
import { type SupervisedMethod, plainInference, supervisedMethods } from '../../denoise/index.js';
import type { LearntWeights, NetworkDescription } from '../../networks/index.js';
import type { Planes } from '../../pixels/index.js';
import { createRandom, type Random } from '../../random.js';
import { present } from '../../present.js';
import type { Runtime } from '../../runtime/index.js';
import { type Budget, budgetWords, type TrainingState } from '../../training/index.js';
import { learningSignal, type WatchAdapting } from './adapting-state.js';
import { createApplier, intendedFor, removeNoise } from '../../apply/anywhere.js';
import { compareOnNoisy } from './compare-on-noisy.js';
import {
  fromPairs,
  learn,
  learntParameters,
  type Recipe,
  type RecipeOptions,
  recipeFrom,
} from '../../runs/anywhere.js';
import type { NoisySquares } from './noisy-squares.js';
import { calibrateSquares, ownNoise, pictureOfPlanes, type SquareDenoiser } from './own-noise.js';

/** So many steps are made where no budget is given: most of what can be won. */
export const adaptingSteps = 300;

/** The network knows what pictures are: what it learns is one noise, fast. */
const preset = {
  optimiser: 'adam',
  betas: [0.9, 0.99],
  weightDecay: 0,
  stages: [{ share: 1, patch: 96, batch: 4, learningRate: 5e-4, curve: 'cosine', floor: 0.02 }],
  steps: adaptingSteps,
  averageDecay: 0.99,
  warmUp: 30,
  clip: 1,
  source: 'this program',
} as const;

/**
 * Settles how a network learns the noise of given pictures.
 *
 * @throws OptionError for a number that it cannot take
 */
export function ownNoiseRecipe(options: RecipeOptions, description: NetworkDescription): Recipe {
  const method = { name: 'supervised', needsBlindSpot: false, training: { patchMultiple: 1 } };
  return recipeFrom(options, preset, method, description, false);
}

/** What {@link adaptToOwnNoise} is told. */
export interface OwnNoiseOptions extends WatchAdapting {
  readonly method: SupervisedMethod;
  readonly recipe: Recipe;
  readonly budget: Budget;
  readonly random: Random;
  readonly seed: number;
}

/**
 * Teaches a network that learnt from pairs the noise of given pictures, without clean ones: its own results are the clean pictures,
 * at several sizes, and processes that make a noise like that of the pictures make them noisy again. What was learnt is
 * taken only if it is better on the noisy pictures themselves; see {@link compareOnNoisy}. This program's own method.
 *
 * @param squares of noisy pictures, in the range of networks
 * @returns what was learnt; nothing where it is no better, or there is nothing to learn from
 */
export async function adaptToOwnNoise(
  runtime: Runtime,
  squares: readonly NoisySquares[],
  start: LearntWeights,
  {
    method,
    recipe,
    budget,
    random,
    seed,
    onProgress,
    onCalibration,
    signal,
    finish,
    onState,
    stateEvery,
    from,
  }: OwnNoiseOptions,
): Promise<TrainingState | undefined> {
  const tell = (message: string): void => onProgress?.({ kind: 'note', message });
  const patch = Math.max(...recipe.stages.map((stage) => stage.patch));
  await using before = openSquareDenoiser(runtime, start);
  if (squares.length === 0) {
    tell('Nothing is learnt: no noise that could be told from texture');
    return undefined;
  }
  if (!squares.flat().some(({ width, height }) => Math.min(width, height) >= patch)) {
    tell(`Nothing is learnt: no picture is as large as a patch of ${patch}×${patch} pixels`);
    return undefined;
  }
  tell(
    `Finding out what noise it is, on ${squares.length === 1 ? 'one picture' : `${squares.length} pictures`}`,
  );
  const stop = learningSignal(signal, finish);
  const calibrated = await calibrateSquares(squares, before, random, {
    ...present({ onProgress, onCalibration, signal: stop, known: from?.processes }),
  }).catch((error: unknown) => {
    if (finish?.aborted !== true || error !== finish.reason || signal?.aborted === true) throw error;
    return undefined;
  });
  if (calibrated === undefined) {
    tell('Nothing is learnt: it was ended before the noise was known');
    return undefined;
  }
  const { pictures: clean, noise } = ownNoise(calibrated, patch);
  const processes = calibrated.map((of) => of.processes);
  // To find it out takes as long as many steps.
  if (from === undefined) await onState?.({ processes }, start.parameters);
  const keep = async (training: TrainingState): Promise<void> =>
    onState?.({ training, processes }, learntParameters(training, recipe));
  tell(`Learning that noise: ${budgetWords(budget)}`);
  const state = await learn(runtime, {
    recipe,
    budget,
    open: fromPairs({ method, description: start.description, seed, files: [], pictures: clean, noise }),
    start: from?.training ?? start.parameters,
    ...present({ onProgress, signal: stop, checkpointEvery: stateEvery, onCheckpoint: onState && keep }),
  });
  signal?.throwIfAborted();
  await using after = openSquareDenoiser(runtime, { ...start, parameters: learntParameters(state, recipe) });
  // With draws of its own: it is the same after what was found out was kept, and not drawn again.
  const verdict = await compareOnNoisy(calibrated, before.bare, after.bare, createRandom(seed, 0xc09a));
  const loss = (value: number): string => Math.sqrt(value).toPrecision(4);
  tell(
    `On the noisy pictures themselves, an error of ${loss(verdict.after)} instead of ${loss(verdict.before)}: ${
      verdict.better ? 'what was learnt is taken' : 'no better, so the weights stay as they were'
    }`,
  );
  return verdict.better ? state : undefined;
}

/** Denoises small squares with weights. */
function openSquareDenoiser(runtime: Runtime, weights: LearntWeights): SquareDenoiser & AsyncDisposable {
  const method = supervisedMethods[weights.method];
  if (method === undefined) throw new RangeError(`${weights.method} does not learn from pairs`);
  const applier = createApplier(runtime, weights, method, { ...plainInference });
  return disposable({
    bare: (noisy: Planes) => applier.apply(pictureOfPlanes(noisy)),
    guarded: async (noisy: Planes) => {
      const picture = pictureOfPlanes(noisy);
      const all = { strength: 1, luma: 1, chroma: 1, detail: 0.5, bare: false };
      return (await removeNoise(applier, picture, await intendedFor(picture, all), all, undefined, {}))
        .picture;
    },
    close: () => applier.close(),
  });
}
