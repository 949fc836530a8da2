import { disposable } from '../belongings.js';
import { present } from '../present.js';
import type { BatchSize } from '../nn/index.js';
import type { DenoisingMethod, SupervisedMethod } from '../denoise/index.js';
import { createPatchSource, type PatchSource } from '../images/anywhere.js';
import type { Picture, Raster } from '../pixels/index.js';
import type { NetworkDescription } from '../networks/index.js';
import type { NoiseSettings } from '../noise/index.js';
import { laneSeed } from '../rounds/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import {
  type BatchesInOrder,
  batchesByStep,
  openedOf,
  pairData,
  type Budget,
  type Pairs,
  type Stage,
  type TrainingPlan,
  type TrainingState,
  fitting,
  MemoryShortage,
  resultKind,
  trainInStages,
} from '../training/index.js';
import type { Progress } from '../apply/anywhere.js';
import { denoisingData, denoisingObjective, pairedObjective } from '../denoise/index.js';
import { createPairSource } from '../upscale/anywhere.js';
import { optimiserOf, type Recipe, scheduleOf } from './recipe.js';

/** How to learn, whatever it is that is learnt. */
export interface Course
  extends Pick<
    TrainingPlan,
    'start' | 'onStep' | 'onCheckpoint' | 'checkpointEvery' | 'validation' | 'signal'
  > {
  readonly recipe: Recipe;
  readonly budget: Budget;
  /**
   * Makes ready what a stage learns from, in batches of that size, beginning with that step.
   *
   * @param lane which of several that train together, from 0: each has batches of its own
   */
  open(size: BatchSize, startStep: number, lane?: number): ReturnType<Stage['open']>;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Noisy pictures to learn from, by a method. */
export interface PictureLesson {
  readonly method: DenoisingMethod;
  readonly description: NetworkDescription;
  readonly seed: number;
  /** Picture files, or pictures in memory. */
  readonly files?: readonly string[];
  readonly pictures?: readonly Picture[];
}

/** What the stages of a course learn from, where a denoiser learns from noisy pictures alone. */
export function fromPictures({
  method,
  description,
  seed: first,
  files,
  pictures,
}: PictureLesson): Course['open'] {
  return async (size, startStep, lane = 0) => {
    const seed = laneSeed(first, lane);
    const source = await batchesByStep(
      (begin) => createPatchSource({ ...present({ files, pictures }), ...size, seed, startStep: begin }),
      startStep,
    );
    return openedOf(source, (patches) => ({
      objective: denoisingObjective(method, description.network, size),
      data: denoisingData(method, patches, size, seed),
    }));
  };
}

/** Pairs to learn from: clean pictures, which a noise model makes noisy, or pairs of the user's own. */
export interface PairLesson {
  readonly method: SupervisedMethod;
  readonly description: NetworkDescription;
  readonly seed: number;
  /** Clean pictures. */
  readonly files: readonly string[];
  /** More of them, in memory. */
  readonly pictures?: readonly Picture[];
  /** How they become noisy; default: any noise. */
  readonly noise?: NoiseSettings;
  /** Noisy pictures with the clean ones laid over them, 6 channels, in place of the files. */
  readonly rasters?: readonly Raster[];
}

/** So many patches are cut of each square that was made noisy. */
const patchesPerSquare = 4;

/** Takes the noisy and the clean patches out of patches of both laid over each other. */
function splitPairs(
  source: PatchSource,
  { batch, patch }: BatchSize,
): BatchesInOrder<Pairs & { readonly step: number }> {
  const length = 3 * patch * patch;
  return disposable({
    async next() {
      const { step, patches } = await source.next();
      const low = new Float32Array(batch * length);
      const high = new Float32Array(batch * length);
      for (let i = 0; i < batch; i++) {
        low.set(patches.subarray(2 * i * length, (2 * i + 1) * length), i * length);
        high.set(patches.subarray((2 * i + 1) * length, (2 * i + 2) * length), i * length);
      }
      return { step, low, high };
    },
    close: () => source.close(),
  });
}

/** What the stages of a course learn from, where a denoiser learns from clean pictures and a noise model. */
export function fromPairs(lesson: PairLesson): Course['open'] {
  const { method, description, files, pictures = [], noise, rasters } = lesson;
  return async (size, startStep, lane = 0) => {
    const seed = laneSeed(lesson.seed, lane);
    const begin = async (first: number): Promise<BatchesInOrder<Pairs & { readonly step: number }>> =>
      rasters === undefined
        ? createPairSource({
            ...{
              files,
              pictures,
              kind: 'noise',
              scale: 1,
              ...size,
              seed,
              startStep: first,
              patchesPerSquare,
            },
            ...present({ noise }),
          })
        : splitPairs(createPatchSource({ rasters, ...size, seed, startStep: first }), size);
    return openedOf(await batchesByStep(begin, startStep), (pairs) => ({
      objective: pairedObjective({ network: description.network, size, loss: method.pairLoss }),
      data: pairData(pairs, size, 1),
    }));
  };
}

/**
 * Learns stage by stage as the recipe says, and tells how it goes; stops early, with the state so far, when the signal says
 * so.
 */
export async function learn(
  runtime: Runtime,
  { recipe, budget, open, onProgress, onStep, ...watching }: Course,
): Promise<TrainingState> {
  let patches = 0;
  let waited = 0;
  let size: BatchSize = { batch: 0, patch: 0 };
  const first =
    'seconds' in watching.start && typeof watching.start.seconds === 'number' ? watching.start.seconds : 0;
  const stages = recipe.stages.map(
    (stage, index): Stage => ({
      share: stage.share,
      pixels: pixelsOf(stage),
      schedule: scheduleOf(stage, { warmUp: index === 0 ? recipe.warmUp : 0 }),
      open(startStep) {
        size = { batch: stage.batch, patch: stage.patch };
        return open(size, startStep);
      },
    }),
  );
  return trainInStages(runtime, {
    ...watching,
    stages,
    optimiser: optimiserOf(recipe),
    budget,
    averageDecay: recipe.averageDecay,
    ...present({ clip: recipe.clip }),
    onStep: async (report) => {
      patches += size.batch;
      waited += report.waitedSeconds;
      onProgress?.({
        kind: 'training',
        step: report.step,
        ...present({ steps: budget.steps }),
        loss: report.loss,
        learningRate: report.learningRate,
        patchesPerSecond: patches / (report.seconds - first),
        waitingShare: Math.min(1, waited / (report.seconds - first)),
        elapsedSeconds: report.seconds,
        remainingSeconds: report.remainingSeconds,
      });
      await onStep?.(report);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof MemoryShortage)) throw error;
    const [largest = size] = [...recipe.stages].sort((a, b) => pixelsOf(b) - pixelsOf(a));
    throw new MemoryShortage(error.needed, error.free, fitting(error, largest));
  });
}

const pixelsOf = ({ batch, patch }: BatchSize): number => batch * patch ** 2;

/** The parameters that a state gives: what is used and saved in the end. */
export function learntParameters(
  state: Pick<TrainingState, 'tensors'>,
  { averageDecay }: Pick<Recipe, 'averageDecay'>,
): Readonly<Record<string, TensorValue>> {
  return state.tensors[resultKind(averageDecay)] ?? {};
}
