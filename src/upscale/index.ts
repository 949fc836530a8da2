export { compressJpeg, crop } from '../noise/index.js';
export { blur, type Pause } from './blur.js';
export {
  type BlurKernel,
  type Ellipse,
  gaussianKernel,
  generalisedGaussianKernel,
  plateauKernel,
  sincKernel,
} from './blur-kernels.js';
export { crispEdges, crispReach } from './crisp-edges.js';
export { degradeBicubic } from './classical.js';
export {
  addsNoise,
  type DegradationKind,
  type DegradePlanesOptions,
  degradePlanes,
} from './degradation.js';
export { detailLoss } from './detail-loss.js';
export { type BlurFamily, type BlurSettings, drawBlurKernel } from './draw-blur-kernel.js';
export { type Flaw, type FlawName, flaws, inEightBits } from './flaws.js';
export { type Enlargement, type GivingBack, giveBack, giveBackAside } from './give-back.js';
export { gridLoss } from './grid-loss.js';
export { type HonestLosses, honestFrozen } from './honest-losses.js';
export * from './image-judge.js';
export * from './judge.js';
export { addGaussianNoise, addPoissonNoise } from './noise.js';
export type { PairBatch } from './pair-batches.js';
export {
  createPairSource,
  largeEnough,
  type PairSource,
  type PairSourceOptions,
} from './pair-source.js';
export { type PairKind, pairKinds, type UpscalingKind, upscalingKinds } from './pair-squares.js';
export { type PerceptualWeights, perceptualLoss, perceptualWeights } from './perceptual-loss.js';
export { anyPhoto, type PhotoSettings, type SmallPhoto, smallPhoto } from './photo.js';
export { changeExposure, discKernel, drawTowards, fade, motionBlur, tint } from './photographic-flaws.js';
export {
  type PixelLesson,
  type PixelObjectiveOptions,
  pixelObjective,
  SPOILT_TEACHER,
  TEACHER,
} from './pixel-objective.js';
export { poissonSampler } from './poisson.js';
export * from './presets.js';
export {
  type DegradationRound,
  degradeRealWorld,
  type RealWorldOptions,
  type RealWorldSettings,
  realEsrgan,
} from './real-world.js';
export * from './sfd/index.js';
export { type SharpenSettings, sharpen } from './sharpen.js';
export { type DetailShrinkage, shrinkDetail } from './shrink-detail.js';
