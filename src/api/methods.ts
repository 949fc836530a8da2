// A door of its own: the methods and the networks there are, for options and help, without loading what reads pictures.
export {
  denoisingMethods,
  distilled,
  type InferenceMethod,
  inferenceMethods,
  learnsFromPairs,
  learnsFromPictures,
  supervisedMethods,
} from '../denoise/index.js';
export {
  architectures,
  clipBackbone,
  clipRn50Config,
  featureKernels,
  torchvisionBackbones,
  upscalers,
} from '../networks/index.js';
