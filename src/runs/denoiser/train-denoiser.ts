import { ofCleanPictures } from '../clean-pictures.js';
import { initialiseParameters } from '../../nn/index.js';
import { networkParameters } from '../../networks/index.js';
import { learnsFromPairs } from '../../denoise/index.js';
import { trainableMethodNamed, loadDenoiserWeights } from '../../models/index.js';
import { fromPairs, fromPictures } from '../learn.js';
import { pairRasters } from './pair-rasters.js';
import { type NewRunOptions, newRunSettings } from '../run-settings.js';
import { pairedMaterial, validationMaterial } from '../run-validation.js';
import { settingsSchemas } from '../stored-settings.js';
import { denoiserTrainingNames } from '../training-option-names.js';
import { type RunOptions, type TrainedWeights, trainRun } from '../training-run.js';

/** Options of {@link trainDenoiser}: those of a new run, or `resume`, and how to do it. */
export interface TrainDenoiserOptions extends NewRunOptions, RunOptions {}

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
  return trainRun(
    {
      called: 'trainDenoiser',
      options: denoiserTrainingNames,
      product: 'a denoiser on noisy pictures',
      task: 'denoise',
      schema: settingsSchemas.denoiser,
      newSettings: (tell) => newRunSettings(options, tell),
      suitable: async (settings) =>
        learnsFromPairs(trainableMethodNamed(settings.method))
          ? ofCleanPictures(settings, options)
          : settings,
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
    },
    options,
  );
}
