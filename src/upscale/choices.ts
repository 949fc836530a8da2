// What options choose among: a door beside index.ts, which loads what reads pictures.
export { mostPatchesPerSquare, upscalingPresets, upscalingStages } from './presets.js';
export { adversarialLosses } from './sfd/adversarial-loss.js';
export { promptAverages, promptInputs } from './sfd/prompt-judge.js';
