// What of this room runs on any platform.
export {
  checkBlindSpot,
  type LearningOptions,
  methodNamed,
  trainableMethodNamed,
} from './denoiser-options.js';
