import { type NetworkDescription, networkParameters } from '../../networks/index.js';
import { initialiseParameters } from '../../nn/index.js';
import { batchesByStep, openedOf } from '../../training/index.js';
import { createGradedSource } from './graded-source.js';
import { type GradedBatch, measureScorer, scorerData, scorerObjective } from '../../quality/index.js';
import { clipAgain, goodAgain, networkAgain, recipeAgain } from '../again.js';
import { countOf } from '../measured-on.js';
import { present } from '../../present.js';
import type { Course } from '../learn.js';
import type { ValidationMaterial } from '../run-validation.js';
import { type NewScorerOptions, trainScorerOptions } from './scorer-options.js';
import { newScorerSettings, type ScorerSettings } from './scorer-settings.js';
import { loadScorerWeights } from '../../models/index.js';
import { settingsSchemas } from '../stored-settings.js';
import { fixedSeed } from '../fixed-seed.js';
import type { RunKind } from '../run-kind.js';
import type { RunOptions } from '../run-options.js';
import { type TrainedWeights, trainRun } from '../training-run.js';

/** Options of {@link trainScorer}: those of a new run, or `resume`, and how to do it. */
export interface TrainScorerOptions extends NewScorerOptions, RunOptions {}

/** How many batches are measured on. */
const fixedBatches = 32;

/** The training of a scorer, with all that the house knows of it. */
export const scorerKind = {
  name: 'scorer',
  called: 'trainScorer',
  options: trainScorerOptions,
  command: 'train scorer',
  title: 'a scorer',
  product: 'a scorer',
  task: 'score',
  schema: settingsSchemas.scorer,
  newSettings: newScorerSettings,
  async prepare(settings, description, options) {
    const { seed, from } = settings;
    const material = await scorerMaterial(settings, description);
    const first = async () =>
      from === null
        ? initialiseParameters(networkParameters(description), seed)
        : (await loadScorerWeights(from)).parameters;
    return () => ({
      material,
      first,
      open: gradedPictures(settings, description, options),
      ...present({ startedFrom: from ?? undefined }),
    });
  },
  again: (settings) => ({
    ...(settings.from === null
      ? present({ baseChannels: networkAgain(settings).baseChannels })
      : { from: settings.from }),
    ...recipeAgain(settings),
    clipGradients: clipAgain(settings),
    ...goodAgain(settings),
  }),
  measuredOn: ({ validation: { pictures } }) =>
    `the order of damaged versions of ${pictures.length > 0 ? `${countOf(pictures, 'picture')} that are not learnt from` : 'the pictures learnt from'}`,
  numbers: 'pairs in the right order: of a picture and a worse damaged version of it',
} as const satisfies RunKind<ScorerSettings, TrainScorerOptions>;

/**
 * Trains a scorer of quality on good pictures alone, into a run folder as `trainDenoiser` makes it. The pictures are
 * damaged in the ways in which photographs go wrong, more and less, and the network learns to bring them back into order and
 * to tell undamaged from damaged. It learns from no opinion, and there is no way to give it one.
 *
 * @throws RevelaError for anything that the user can mend.
 *
 * @example
 * await trainScorer({ pictures: ['photos/'], output: 'runs/scorer', minutes: 30 });
 */
export function trainScorer(options: TrainScorerOptions): Promise<TrainedWeights> {
  return trainRun(scorerKind, options);
}

/** Opens graded pictures to learn from; files that are too small are told of once. */
function gradedPictures(
  { seed, files }: ScorerSettings,
  { network }: NetworkDescription,
  { onProgress }: RunOptions,
): Course['open'] {
  return async (size, startStep) => {
    const source = await batchesByStep(async (first) => {
      const graded = await createGradedSource({ files, ...size, seed, startStep: first });
      if (graded.skipped > 0 && first === 0)
        onProgress?.({
          kind: 'note',
          message: `${graded.skipped} of ${files.length} pictures are smaller than a patch of ${size.patch} × ${size.patch} pixels and are left out`,
        });
      return graded;
    }, startStep);
    return openedOf(source, (graded) => ({
      objective: scorerObjective({ network, size }),
      data: scorerData(graded, size),
    }));
  };
}

/** What a scorer is measured on: pictures that are held out, or those learnt from, damaged alike in every run. */
async function scorerMaterial(
  { files, validation, recipe }: ScorerSettings,
  { network }: NetworkDescription,
): Promise<ValidationMaterial> {
  const { patch, batch } = recipe.stages.at(-1) ?? { patch: 160, batch: 4 };
  const size = { batch, patch };
  const held = validation.pictures.length > 0 ? validation.pictures : files;
  await using source = await createGradedSource({ files: held, ...size, seed: fixedSeed, augment: false });
  const batches: GradedBatch[] = [];
  while (batches.length < fixedBatches) batches.push(await source.next());
  return {
    measure: (runtime, { parameters }, signal) =>
      measureScorer(runtime, { network, size }, parameters, batches, signal),
    draw: async () => [],
  };
}
