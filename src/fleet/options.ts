// A door of its own: the options of a fleet's work, for flags and help, without what does it.
import { applyingOptions, deviceOptions, machineOptions, upscaleOptions } from '../api/options.js';
import { list, number, text, whole, without } from '../options/index.js';

/** What denoising may be told: weights are applied as they are, to any picture. */
export const fleetDenoiseOptions = without(applyingOptions, machineOptions);

const { pictures: _, ...enlarging } = without(upscaleOptions, deviceOptions);

/** What enlarging may be told. */
export const fleetUpscaleOptions = enlarging;

/** What scoring may be told. */
export const fleetScoreOptions = {
  /** Measures by name; default `revela`. */
  metrics: list(text({ value: 'NAME', words: '' }), {
    ...{ short: 'm', flag: 'metric', expected: 'measures', words: 'measures, with commas between them' },
    ...{ usual: 'revela', commas: true, least: 1 },
  }),
};

/** How a worker works. */
export const workerOptions = {
  /** Seconds without a sign of life after which the job of a worker is given to another one; longer than a tile takes. Default 120. */
  lockSeconds: number({
    ...{ from: 1, to: 86_400, default: 120, unit: 'seconds' },
    words: 'until the jobs of a silent worker are given to others',
  }),
  threads: whole({ from: 1, to: 256, short: 'j', words: 'CPU threads', usual: 'one per core' }),
};
