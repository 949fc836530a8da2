export type {
  Architecture,
  FoldedNetwork,
  NetworkDescription,
  NetworkSize,
  StateDictShapes,
} from './architecture.js';
export { architectures } from './architectures.js';
export type { RecognisedNetwork } from './recognise.js';
export {
  architectureOf,
  architecturesFor,
  type NetworkTask,
  recogniseNetwork,
  scorers,
  taskOf,
  upscalers,
} from './upscalers.js';
export { nearMiss } from './near-misses.js';
export { networkParameters, outputChannels } from './network-parameters.js';
export { multiplyAdds, type NetworkCost, networkCost } from './cost.js';
export type { DbsnlConfig } from './dbsnl.js';
export { dbsnl, dbsnlArchitecture, dbsnlPaperConfig, dbsnlReach } from './dbsnl.js';
export { flagOf, type NetworkConfig, numberOf, numbersOf, textOf } from './network-config.js';
export type { StudentConfig } from './student-unet.js';
export { studentArchitecture, studentPaperConfig, studentReach, studentUnet } from './student-unet.js';
export type { DeamnetConfig } from './deamnet.js';
export { deamnet, deamnetArchitecture, deamnetPaperConfig, deamnetReach } from './deamnet.js';
export type { DncnnConfig } from './dncnn.js';
export { type DncnnActivation, type DncnnNaming, dncnnNamings } from './dncnn-names.js';
export { dncnn, dncnnArchitecture, dncnnPaperConfig } from './dncnn.js';
export type { UnetConfig } from './unet.js';
export { unet, unetArchitecture, unetPaperConfig, unetReach } from './unet.js';
export type { NafnetConfig } from './nafnet.js';
export { nafnet, nafnetArchitecture, nafnetPaperConfig } from './nafnet.js';
export type { ResunetConfig } from './resunet.js';
export { resunet, resunetArchitecture, resunetDefaultConfig, resunetReach } from './resunet.js';
export { restormer, restormerArchitecture } from './restormer.js';
export { type RestormerConfig, restormerPaperConfig } from './restormer-config.js';
export type { ClipConfig } from './clip/configuration.js';
export {
  CLIP_STRIDE,
  clipConfigOf,
  clipFeatureWidth,
  clipMarks,
  type ClipStage,
  clipStageNamed,
  clipStages,
  clipStageWidth,
  clipName,
  clipRn50Config,
} from './clip/configuration.js';
export { clipImageParameters, clipStateDictShapes, clipTextParameters, foldClip } from './clip/fold.js';
export type { ClipImageConfig, ClipImageFeatures } from './clip/image-encoder.js';
export { clipImage, normaliseForClip } from './clip/image-encoder.js';
export type { ClipTextConfig } from './clip/text-encoder.js';
export { clipText, clipTokenVectors, embedClipTokens } from './clip/text-encoder.js';
export type { FeatureDiscriminatorConfig, FeatureKernel, StageFeatures } from './feature-discriminator.js';
export { featureDiscriminator, featureKernels } from './feature-discriminator.js';
export { clipPlaces, clipPool } from './clip/attention-pool.js';
export { directionLogits, promptDirections } from './clip/prompt-pairs.js';
export { clipReach, clipStageStride } from './clip/reach.js';
export { UNET_DISCRIMINATOR_MULTIPLE, unetDiscriminator } from './unet-discriminator.js';
export { vggDiscriminator, vggDiscriminatorSides } from './vgg-discriminator.js';
export type { RrdbnetConfig } from './rrdbnet.js';
export { rrdbnet, rrdbnetArchitecture, rrdbnetPaperConfig, rrdbnetReach } from './rrdbnet.js';
export type { RrdbnetNaming } from './rrdbnet-names.js';
export type { SpanConfig, SpanForm } from './span.js';
export { span, spanArchitecture, spanPaperConfig } from './span.js';
export type { ScorerConfig } from './scorer.js';
export { SCORER_STRIDE, scorer, scorerArchitecture, scorerDefaultConfig, scorerPlanes } from './scorer.js';
export type { SrvggnetConfig } from './srvggnet.js';
export { srvggnet, srvggnetArchitecture, srvggnetPublishedConfig } from './srvggnet.js';
export type { BytePairMerges, ClipEncodeOptions, ClipTokenizer } from './clip/tokenizer.js';
export { createClipTokenizer } from './clip/tokenizer.js';
export {
  isVgg16,
  isVgg19,
  normaliseForImageNet,
  vgg16,
  type Vgg16Features,
  vgg16Layers,
  vgg16Parameters,
  vgg19,
  type Vgg19Features,
  vgg19Layers,
  vgg19Parameters,
  type VggPooling,
} from './vgg.js';
export {
  ALEXNET_LEAST_SIDE,
  alexnet,
  type AlexnetFeatures,
  alexnetLayers,
  alexnetParameters,
  isAlexnet,
} from './alexnet.js';
export {
  isSqueezenet,
  SQUEEZENET_LEAST_SIDE,
  squeezenet,
  type SqueezenetFeatures,
  squeezenetLayers,
  squeezenetParameters,
} from './squeezenet.js';
export {
  convolutionStep,
  doublingStep,
  type PathStep,
  poolingStep,
  receptiveFieldReach,
  stridedConvolutionStep,
} from './receptive-field.js';
export { clipBackbone } from './backbones/clip-backbone.js';
export {
  type BackboneStage,
  type SemanticBackbone,
  type SemanticFeatures,
  stageOf,
  type TorchvisionBackbone,
} from './backbones/semantic-backbone.js';
export { torchvisionBackbones } from './backbones/torchvision-backbones.js';
export { inUse, type LearntWeights, type NetworkWeights, type TrainingRecord } from './network-weights.js';
