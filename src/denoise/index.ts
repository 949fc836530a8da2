export { amsnet, amsnetP, hiddenPixelLoss, totalVariation } from './amsnet.js';
export { anySize } from './any-size.js';
export { apBsn, mosaicDenoise } from './ap-bsn.js';
export {
  flatBesideEdgesAside,
  keepDetailAside,
  measureNoiseAside,
  restrainByNoiseAside,
  mixedAnswersAside,
  takenAwayAside,
  tellingPlacesAside,
  withoutJpegAside,
} from './aside.js';
export { denoisingData, denoisingObjective } from './denoising-objective.js';
export {
  assignmentSpec,
  distillationLoss,
  distilled,
  onePass,
  drawAssignment,
  recharged,
} from './distillation.js';
export { type Distillation, distillationData, distillationObjective } from './distillation-objective.js';
export { fastPreset } from './fast-preset.js';
export { keepDetail, lostDetail } from './keep-detail.js';
export {
  branchSpec,
  drawBranches,
  hiddenSets,
  type MaskRequest,
  multiMaskDenoise,
  patternStep,
  singleMask,
} from './masks.js';
export {
  measureNoise,
  type NoiseLevel,
  type NoiseMeasurement,
  wholeDeviation,
} from './measure-noise/measure-noise.js';
export { naturalStrength, seenStrength } from './measure-noise/natural-strength.js';
export { type Place, tellingPlaces } from './measure-noise/telling-places.js';
export type {
  Denoiser,
  DenoisingMethod,
  InferenceMethod,
  InferenceOptions,
  Placement,
  Refinement,
} from './method.js';
export { plainInference } from './method.js';
export {
  denoisingMethods,
  inferenceMethods,
  learnsFromPairs,
  learnsFromPictures,
  supervisedMethods,
} from './methods.js';
export { type PairedLesson, pairedObjective } from './paired-objective.js';
export { mosaicDownsample, mosaicUpsample, pixelDownsample, pixelUpsample } from './pixel-downsampling.js';
export {
  blindSpotPass,
  drawReplaced,
  REFINEMENT_COPIES,
  randomReplacingRefinement,
  refinementSpecs,
} from './random-replacing-refinement.js';
export type { CellGrid } from './random-sub-samples.js';
export { drawPermutations, permutationSpec, randomSubSamples } from './random-sub-samples.js';
export { reflectedPass } from './reflected-pass.js';
export { calmColours } from './restrain/calm-colours.js';
export { calmGrain } from './restrain/calm-grain.js';
export { calmNoise } from './restrain/calm-noise.js';
export { type DetailWeights, detailWeights, type NoiseVariance } from './restrain/detail-weights.js';
export { measuredVariances } from './restrain/measured-variance.js';
export { residualCells } from './restrain/residual-cells.js';
export { type Restraint, restrain } from './restrain/restrain.js';
export { toneBiases } from './restrain/tone-bias.js';
export { cyclicSampleDifferenceLoss, sdap } from './sdap.js';
export { registerGiven, registerMethod } from './register-method.js';
export { type SupervisedMethod, supervised } from './supervised.js';
export { defaultVariants, type TeacherVariant, teacherVariant } from './teacher-variants.js';
export { heldByNoise } from './restrain/restrain-by-noise.js';
export type { RowsTaker } from './restrain/restrain.js';
