// A door of its own: what options choose among, for help and for reading a command line, without loading what reads pictures
// and what runs models.
export * from '../measures/choices.js';
export { lpipsNetworks } from '../quality/choices.js';
export { discriminatorNames } from '../runs/choices.js';
export {
  adversarialLosses,
  mostPatchesPerSquare,
  promptAverages,
  promptInputs,
  upscalingPresets,
  upscalingStages,
} from '../upscale/choices.js';
export {
  denoisingMethods,
  distilled,
  type InferenceMethod,
  inferenceMethods,
  learnsFromPairs,
  learnsFromPictures,
  supervisedMethods,
} from '../denoise/choices.js';
export {
  architectures,
  clipBackbone,
  clipRn50Config,
  featureKernels,
  torchvisionBackbones,
  upscalers,
} from '../networks/index.js';
