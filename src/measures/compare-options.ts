import { type DeviceOptions, deviceOptions } from '../apply/options.js';
import { checked, given, list, type OptionsOf, text, whole } from '../options/index.js';
import { comparingMeasures, defaultReferenceMetrics } from './measures.js';
import {
  type ComparingOptions,
  comparingOptions,
  distanceFamilies,
  type FilesOfDistances,
} from './option-tables.js';

const families = distanceFamilies.map(({ family }) => family);
const names = comparingMeasures
  .map(({ facts }) => facts.name)
  .filter((name) => !families.some((family) => name.startsWith(family)));

/** Files of the measures that look through a network. */
export const filesOptions = {
  /** By the network of LPIPS, and of DISTS. Default: the models of the store. */
  files: given<FilesOfDistances>('object', {
    expected: 'an object of files by network',
    words: 'files of the measures that look through a network',
  }),
};

/** What `compare` measures, and how. */
export const compareOptions = {
  /**
   * Measures by name, in any case: `psnr`, `psnr-y`, `ssim`, `ssim-y`, `ssim-uniform`, `ssim-reduced`, `ms-ssim`, `lpips-alex`
   * (or `lpips`), `lpips-vgg`, `lpips-squeeze`, `dists`. Default `psnr` and `ssim`.
   */
  metrics: list(text({ words: 'a measure' }), {
    ...{ flag: 'metric', short: 'm', value: 'NAME', commas: true, expected: 'names of measures' },
    words: `${[...names, ...families].join(', ')}; several with commas`,
    usual: defaultReferenceMetrics.join(','),
  }),
  /** Pixels that are left out on every side, by every measure; default 0. */
  border: whole({
    ...{ from: 0, to: 65_536, unit: 'pixels', value: 'PIXELS', default: 0 },
    words: 'pixels left out on every side',
  }),
  ...filesOptions,
};

/** Options of {@link compare}. Devices are for the measures that look through a network. */
export interface CompareOptions extends DeviceOptions, ComparingOptions, OptionsOf<typeof compareOptions> {}

/**
 * Checks the options of a function that compares.
 *
 * @throws OptionError that names the option
 */
export function checkedComparing(what: string, asked: unknown): CompareOptions;
export function checkedComparing(what: string, asked: unknown): object {
  return checked(what, { ...deviceOptions, ...compareOptions, ...comparingOptions }, asked);
}
