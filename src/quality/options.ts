// A door of its own: the options that this room declares, for flags and help, without loading what does the work.
export {
  agreementOptions,
  heatMapOptions,
  ilNiqeOptions,
  intervalOptions,
  lpipsOptions,
  psnrOptions,
  ssimOptions,
} from './arithmetic-options.js';
export { ilNiqeFitOptions, niqeFitOptions } from './fit-options.js';
