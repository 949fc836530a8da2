import { ofCleanPictures } from '../clean-pictures.js';
import { initialiseParameters } from '../../nn/index.js';
import { networkParameters } from '../../networks/index.js';
import { learnsFromPairs } from '../../denoise/index.js';
import { trainableMethodNamed, loadDenoiserWeights } from '../../models/index.js';
import { fromPairs, fromPictures } from '../learn.js';
import { pairRasters } from './pair-rasters.js';
import { clipAgain, networkAgain, pairsAgain, presetAgain, recipeAgain } from '../again.js';
import { denoiserMeasuredOn, rgbNumbers } from '../measured-on.js';
import { presetNames } from '../recipe-options.js';
import { newRunSettings, type RunSettings } from '../run-settings.js';
import { pairedMaterial, validationMaterial } from '../run-validation.js';
import { settingsSchemas } from '../stored-settings.js';
import { type NewRunOptions, trainDenoiserOptions } from './denoiser-options.js';
import type { RunKind } from '../run-kind.js';
import type { RunOptions } from '../run-options.js';
import { type TrainedWeights, trainRun } from '../training-run.js';

/** Options of {@link trainDenoiser}: those of a new run, or `resume`, and how to do it. */
export interface TrainDenoiserOptions extends NewRunOptions, RunOptions {}

/** The training of a denoiser, with all that the house knows of it. */
export const denoiserKind = {
  name: 'denoiser',
  called: 'trainDenoiser',
  options: trainDenoiserOptions,
  command: 'train denoiser',
  title: 'a denoiser',
  product: 'a denoiser on noisy pictures',
  task: 'denoise',
  schema: settingsSchemas.denoiser,
  newSettings: newRunSettings,
  suitable: async (settings, options) =>
    learnsFromPairs(trainableMethodNamed(settings.method)) ? ofCleanPictures(settings, options) : settings,
  async prepare(settings, description) {
    const { seed, files, weights } = settings;
    const method = trainableMethodNamed(settings.method);
    const first = async () =>
      weights === null
        ? initialiseParameters(networkParameters(description), seed)
        : (await loadDenoiserWeights(weights)).parameters;
    if (!learnsFromPairs(method)) {
      const material = await validationMaterial(settings, method);
      return () => ({ material, first, open: fromPictures({ method, description, seed, files }) });
    }
    const material = await pairedMaterial(settings, method);
    const rasters = settings.pairs === undefined ? {} : { rasters: await pairRasters(settings.pairs) };
    return () => ({
      ...{ material, first },
      open: fromPairs({ method, description, seed, files, ...rasters }),
    });
  },
  share: async (settings, { picture }) => ({
    ...settings,
    // They are sent what they begin with.
    weights: null,
    files: await Promise.all(settings.files.map(picture)),
    ...(settings.pairs && {
      pairs: await Promise.all(
        settings.pairs.map(async ({ name, noisy, clean }) => ({
          ...{ name, noisy: await picture(noisy), clean: await picture(clean) },
        })),
      ),
    }),
    validation: { pairs: [], pictures: [] },
  }),
  again: (settings) => ({
    method: settings.method,
    ...presetAgain(settings, presetNames),
    ...(settings.weights === null ? networkAgain(settings) : { weights: settings.weights }),
    ...recipeAgain(settings),
    clip: clipAgain(settings),
    ...pairsAgain(settings),
  }),
  measuredOn: denoiserMeasuredOn,
  numbers: rgbNumbers,
  samples: { before: 'noisy', after: 'denoised', truth: 'clean' },
} as const satisfies RunKind<RunSettings, TrainDenoiserOptions>;

/**
 * Trains a denoiser on noisy pictures alone, or by the method `supervised` on clean ones that a noise model makes noisy,
 * into a run folder: checkpoints, `config.json`, `metrics.jsonl`,
 * TensorBoard events, samples, and in the end `weights.safetensors` beside `best.safetensors`. A run that was stopped
 * goes on with `resume`; with a budget of steps it ends with the same numbers as one that was not stopped.
 *
 * @throws RevelaError for anything that the user can mend.
 *
 * @example
 * await trainDenoiser({ pictures: ['photos/'], output: 'runs/garden', minutes: 60 });
 */
export function trainDenoiser(options: TrainDenoiserOptions): Promise<TrainedWeights> {
  return trainRun(denoiserKind, options);
}
