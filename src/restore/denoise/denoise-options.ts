import type { PictureInput } from '../../images/index.js';
import type { DeviceOptions, InferenceChoices, RemovalOptions, TileOptions } from '../../apply/index.js';
import {
  deviceOptions,
  inferenceOptions,
  machineOptions,
  removalOptions,
  tileOptions,
} from '../../apply/options.js';
import type { StartOptions } from '../../models/index.js';
import { startOptions } from '../../models/options.js';
import { flag, given, list, type OptionsOf } from '../../options/index.js';
import { countOptions } from '../count-options.js';

/** Whether detail that networks take away is given back. */
export const detailOptions = {
  /**
   * What the network takes away beyond this is detail and is given back: where it is left out, beyond the noise that is
   * measured; `true`: beyond what the network takes away elsewhere (see `keepDetail`; with `bare` the default of methods
   * that hide what they predict); `false`: nothing is given back.
   */
  keepDetail: flag({
    words: 'restore fine texture that blind-spot networks remove',
    usual: 'by the measured noise',
    off: 'restore no detail',
  }),
};

const { mask: _mask, ...unmasked } = removalOptions;
const { weights, method, seed } = startOptions;

/** Those of weights that are applied as they are, to any picture. */
export const applyingOptions = {
  ...{ weights, method, ...inferenceOptions, ...detailOptions, ...unmasked, ...tileOptions, seed },
  ...machineOptions,
};

/** Those of weights that are applied as they are, to any picture. */
export type ApplyingOptions = Pick<DenoiseOptions, keyof typeof applyingOptions>;

/** Options of `denoise`. */
export const denoiseOptions = {
  ...{ ...startOptions, ...inferenceOptions, ...removalOptions, ...deviceOptions, ...detailOptions },
  ...{ ...tileOptions, ...countOptions },
};

/** Options of {@link denoise}. */
export interface DenoiseOptions
  extends StartOptions,
    InferenceChoices,
    RemovalOptions,
    DeviceOptions,
    OptionsOf<typeof detailOptions>,
    TileOptions,
    OptionsOf<typeof countOptions> {}

const learningFrom = {
  /** The noisy pictures that are learnt from, all together, where learning is asked for. */
  learnFrom: list(given<PictureInput>('nameable', { expected: 'a picture', words: '' }), {
    expected: 'pictures',
    words: 'the noisy pictures that are learnt from',
  }),
};

/** Options of `openDenoiser`. */
export const openDenoiserOptions = { ...denoiseOptions, ...learningFrom };

/** Options of {@link openDenoiser}. */
export interface OpenDenoiserOptions extends DenoiseOptions, OptionsOf<typeof learningFrom> {}
