import type { DenoisingMethod, InferenceMethod, SupervisedMethod } from '../denoise/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import {
  type Moment,
  type TrainingState,
  type Validation,
  usedShare,
  validationCadence,
} from '../training/index.js';
import type { Progress } from '../apply/index.js';
import type { RunFolder } from './folder/run-folder.js';
import type { Sample } from './folder/samples.js';
import { type BestWeights, openBestKeeper, recordOf } from './best-weights.js';
import type { LearntWeights } from '../models/index.js';
import { learntParameters } from './learn.js';
import { recordMeasured } from './record-step.js';
import type { RunSettings } from './run-settings.js';
import { chooseSubjects, drawSamples, named, type Subject } from './sample-pictures.js';
import { measureByPairs } from './measure-by-pairs.js';
import {
  isWorseThanInput,
  type Measure,
  measureByLoss,
  measureOnPairs,
  type Scores,
} from './validation-scores.js';
import { present } from '../present.js';

/** Samples are drawn at the first validation of every such part of the budget, and at the end. */
const sampleParts = 4;

/** The last part of the budget for which samples are drawn when a share of it is used. */
export const sampledParts = (share: number): number => Math.floor(share * sampleParts);

/** What the validation of a run has done so far, as checkpoints keep it. */
export interface ValidationState {
  /** The last step that was measured, and what it was worth. */
  readonly last?: { readonly step: number; readonly scores: Scores };
  /** The last part of the budget that samples were drawn for. */
  readonly sampled: number;
}

/** The validation of a run: measures, keeps the best weights, draws samples. */
export interface RunValidation extends Validation {
  readonly state: ValidationState;
  readonly best: BestWeights | undefined;
}

/** What a run is measured on, read once. */
export interface ValidationMaterial {
  readonly measure: Measure;
  /** Draws a few pictures with the weights. */
  draw(runtime: Runtime, weights: LearntWeights, signal?: AbortSignal): Promise<readonly Sample[]>;
}

/** Draws pictures as a method denoises them. */
export function drawing(subjects: readonly Subject[], method: InferenceMethod): ValidationMaterial['draw'] {
  return (runtime, weights, signal) => drawSamples(runtime, subjects, weights, method, signal);
}

/**
 * Reads what a run is measured on: what is wrong with it should end a run before it begins.
 *
 * @throws RevelaError if a picture cannot be read or pairs differ in size
 */
export async function validationMaterial(
  { validation, files, recipe }: RunSettings,
  method: DenoisingMethod,
): Promise<ValidationMaterial> {
  const { pairs } = validation;
  if (pairs.length > 0)
    return {
      measure: await measureOnPairs(pairs, method),
      draw: drawing(await chooseSubjects(pairs), method),
    };
  const pictures = validation.pictures.length > 0 ? validation.pictures : files;
  // The last stage's patches are those that the result is trained for in the end.
  const patch = recipe.stages.at(-1)?.patch ?? 2 * method.training.patchMultiple;
  return {
    measure: await measureByLoss(pictures, method, patch),
    draw: drawing(await chooseSubjects(named(pictures)), method),
  };
}

/**
 * Reads what a run that learns from pairs is measured on: pairs of its own, or else patches that the noise model makes of
 * the pictures, always the same.
 *
 * @throws RevelaError if a picture cannot be read or pairs differ in size
 */
export async function pairedMaterial(
  { validation, files, recipe, pairs: learnt = [] }: RunSettings,
  method: SupervisedMethod,
): Promise<ValidationMaterial> {
  // Pairs of one's own, where no others are given, show how well they are learnt.
  const pairs = validation.pairs.length > 0 ? validation.pairs : learnt;
  const subjects =
    pairs.length > 0 ? pairs : named(validation.pictures.length > 0 ? validation.pictures : files);
  return {
    measure:
      pairs.length > 0
        ? await measureOnPairs(pairs, method)
        : await measureByPairs(files, method, recipe.stages.at(-1)?.patch ?? 96),
    draw: drawing(await chooseSubjects(subjects), method),
  };
}

/** What {@link runValidation} works with. */
export interface ValidationSetting {
  readonly run: RunFolder;
  readonly settings: Pick<RunSettings, 'budget' | 'validation'>;
  /** Writes weights. */
  readonly save: (path: string, weights: LearntWeights) => Promise<void>;
  readonly material: ValidationMaterial;
  readonly runtime: Runtime;
  /** The weights that parameters after a step make. */
  readonly weightsAt: (step: number, parameters: Readonly<Record<string, TensorValue>>) => LearntWeights;
  /** Where the training begins or goes on. */
  readonly start: Omit<Moment, 'share'> & { readonly validation: ValidationState };
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Makes the validation of a run. It has sessions and draws of its own: the training does not notice it. */
export async function runValidation(setting: ValidationSetting): Promise<RunValidation> {
  const { run, settings, save, material, runtime, weightsAt, start, onProgress, signal } = setting;
  const { budget, validation } = settings;
  const share = usedShare(budget, start.step, start.seconds);
  const cadence = validationCadence(budget, validation.every, { ...start, share });
  const keeper = await openBestKeeper(run.path, save);
  let state = start.validation;

  async function measureAt({ step, share: used }: Moment, weights: LearntWeights): Promise<Scores> {
    const begin = performance.now();
    const scores = await material.measure(runtime, weights, signal);
    const part = sampledParts(used);
    if (part > state.sampled) {
      await run.saveSamples(step, await material.draw(runtime, weights, signal));
    }
    const best = await keeper.offer(step, scores, weights);
    state = { last: { step, scores }, sampled: Math.max(part, state.sampled) };
    const seconds = (performance.now() - begin) / 1000;
    const worse = isWorseThanInput(scores);
    onProgress?.({
      kind: 'validation',
      ...{ step, ...scores, best },
      ...present({ worse: worse || undefined }),
      seconds: Math.round(seconds * 1000) / 1000,
    });
    return scores;
  }

  return {
    get state() {
      return state;
    },
    get best() {
      return keeper.best;
    },
    due: (moment) => state.last?.step !== moment.step && cadence.due(moment),
    async run(moment, parameters) {
      const begin = performance.now();
      try {
        const scores = await measureAt(moment, weightsAt(moment.step, parameters));
        return Object.fromEntries(
          Object.entries(recordOf(scores)).filter(
            (entry): entry is [string, number] => typeof entry[1] === 'number',
          ),
        );
      } catch (error) {
        // Whoever stops the training does not want to wait; the step is measured when the run goes on.
        if (signal?.aborted === true) return undefined;
        throw error;
      } finally {
        cadence.done(moment, (performance.now() - begin) / 1000);
      }
    },
  };
}

/** Does the validation that a stop broke off. */
export async function catchUp(
  run: RunFolder,
  validation: RunValidation,
  state: TrainingState,
  { budget, recipe }: Pick<RunSettings, 'budget' | 'recipe'>,
): Promise<void> {
  const { step, seconds } = state;
  const moment = { step, seconds, share: usedShare(budget, step, seconds) };
  if (step === 0 || !validation.due(moment)) return;
  const measured = await validation.run(moment, learntParameters(state, recipe));
  if (measured !== undefined) recordMeasured(run, step, measured);
}
