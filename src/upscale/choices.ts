// What options choose among: a door beside index.ts, which loads what reads pictures.
export {
  mostPatchesPerSquare,
  type UpscalingPresetName,
  upscalingPresets,
  upscalingStages,
} from './presets.js';
export { featureDiscriminatorDefault } from './sfd/feature-judge.js';
export { adversarialLosses } from './sfd/adversarial-loss.js';
export { promptAverages, promptDefault, promptInputs } from './sfd/prompt-judge.js';
