// What of this room runs on any platform.
export { float32Parameters } from './float32-parameters.js';
export { lpipsOf, type LpipsWeights } from './lpips-weights.js';
export { parseRecord } from './parse-record.js';
export { weightsContent } from './weights-content.js';
export {
  checkBlindSpot,
  methodNamed,
  trainableMethodNamed,
} from './denoiser-options.js';
export type { LearningOptions } from './learning-options.js';
