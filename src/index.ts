/**
 * Revela's public face: what `import … from 'revela'` gives. Anything else of the package may change without notice.
 */
export { OptionError, RevelaError } from './errors.js';
export type {
  CameraFacts,
  Picture,
  PictureDescription,
  PictureFormat,
  PictureMetadata,
} from './images/index.js';
export {
  describePicture,
  type FindOptions,
  findPictures,
  type ReadOptions,
  readPicture,
  type WriteOptions,
  writePicture,
} from './images/index.js';
export type {
  CalibrateSfdIqaOptions,
  ClipIqaOptions,
  LongSide,
  PromptText,
  QualityScorer,
  ScorerMeasure,
  ScorerStatistics,
  SfdIqaOptions,
} from './library/index.js';
export { calibrateSfdIqa, openClipIqa, openSfdIqa } from './library/index.js';
export type {
  Conversion,
  ConvertOptions,
  BestWeights,
  CheckedPair,
  Closeness,
  DegradeOptions,
  DenoiseOptions,
  DenoiserEvaluation,
  DenoiserWeights,
  Denoising,
  DistillOptions,
  InferenceChoices,
  ExportedModel,
  ExportOptions,
  LargePicture,
  LargePictures,
  LearningOptions,
  NewRunOptions,
  RecipeOptions,
  EnlargementScore,
  EvaluateDenoiserOptions,
  EvaluateUpscalerOptions,
  FindLargeOptions,
  FindPairsOptions,
  FoundPairs,
  MeanScore,
  PictureInput,
  PictureScore,
  TrainDenoiserOptions,
  TrainUpscalerOptions,
  TrainedWeights,
  TrainingRecord,
  UpscaleOptions,
  UpscalerEvaluation,
  UpscalerWeights,
  Upscaling,
  WeightsDescription,
} from './library/index.js';
export {
  convertWeights,
  degrade,
  denoise,
  describeWeights,
  distill,
  evaluateDenoiser,
  evaluateUpscaler,
  findLargePictures,
  findPairs,
  exportDenoiser,
  exportUpscaler,
  loadDenoiserWeights,
  loadUpscalerWeights,
  openDenoising,
  openUpscaling,
  saveDenoiserWeights,
  saveUpscalerWeights,
  trainDenoiser,
  trainUpscaler,
  upscale,
} from './library/index.js';
export type {
  BrisqueModel,
  IlNiqeFitOptions,
  IlNiqeModel,
  IlNiqeOptions,
  NiqeFitOptions,
  NiqeModel,
  PlanarPicture,
  PsnrOptions,
  QualityMeasure,
} from './quality/index.js';
export {
  brisque,
  brisqueMeasure,
  fitIlNiqeModel,
  fitNiqeModel,
  ilNiqe,
  ilNiqeMeasure,
  niqe,
  niqeMeasure,
  psnr,
  readBrisqueModel,
  readIlNiqeModel,
  readNiqeModel,
  ssim,
  writeIlNiqeModel,
  writeNiqeModel,
} from './quality/index.js';
export type {
  AntonymPair,
  HeatMapOptions,
  QualityMap,
  SfdCombination,
  SfdStatistics,
  SfdTermName,
  SigmoidPlace,
  TermStatistics,
} from './quality/index.js';
export { heatMap } from './quality/index.js';
export type { DeviceChoice, DeviceName, DeviceReport } from './runtime/index.js';
export { probeDevices } from './runtime/index.js';
export type {
  AddedModel,
  AddOptions,
  Downloading,
  DownloadOptions,
  DownloadProgress,
  ListedModel,
  ModelRecord,
  ModelStatus,
  PulledModel,
  PullOptions,
  RemovedModel,
  StoreOptions,
  Verification,
} from './weights/index.js';
export {
  addModel,
  knownModels,
  listModels,
  modelPath,
  pullModel,
  readModelList,
  removeModel,
  withOwnModels,
} from './weights/index.js';
export type { CompareOptions, Comparison, DistanceFiles, PairScores } from './library/index.js';
export { compare, openComparison } from './library/index.js';
export { type ReferenceMeasure, referenceMeasures } from './quality/index.js';
export type { Progress } from './training/index.js';
