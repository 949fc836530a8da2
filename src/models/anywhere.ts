// What of this room runs on any platform.
export {
  checkBlindSpot,
  methodNamed,
  trainableMethodNamed,
} from './denoiser-options.js';
export type { LearningOptions } from './learning-options.js';
