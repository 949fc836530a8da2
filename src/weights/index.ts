export type { NamedArray } from './arrays/named-array.js';
export { readArrays } from './arrays/read-arrays.js';
export { fileSha256 } from './file-sha256.js';
export { encodeSafetensors, type SafetensorsContent } from './encode.js';
export { assertFinite } from './finite.js';
export { metadataName, type SafetensorsHeader, type StoredTensorEntry } from './header.js';
export { encodePytorch, writePytorch } from './pytorch/write-pytorch.js';
export { partsIn } from './parts.js';
export {
  foreignWeights,
  isWeightsFile,
  readWeightsFile,
  readWeightsHeader,
  type WeightsFile,
  type WeightsFormat,
  type WeightsHeader,
  type WeightsReading,
} from './read-weights.js';
export { decodeSafetensors, type SafetensorsFile } from './decode-safetensors.js';
export { readSafetensors, readSafetensorsHeader, writeSafetensors } from './safetensors.js';
export type { StoredData, StoredDtype, StoredTensor } from './stored-tensor.js';
export { toFloat32 } from './to-float32.js';
export type { OnnxOutline, OnnxPort } from './onnx-outline.js';
export { readOnnxOutline } from './onnx-outline.js';
export { type AddedModel, addModel } from './store/add-model.js';
export type { Downloading } from './store/downloading.js';
export { namesToPull } from './store/find-model.js';
export { knownModels, type ListedModel } from './store/known-models.js';
export { listModels, type ModelStatus } from './store/list-models.js';
export { readModelList, withOwnModels } from './store/model-list.js';
export type { PackageName } from './store/model-name.js';
export { modelPath } from './store/model-path.js';
export type { ModelRecord, Verification } from './store/model-record.js';
export { type PulledModel, pullModel } from './store/pull-model.js';
export type {
  AddOptions,
  DownloadOptions,
  DownloadProgress,
  PullOptions,
  StoreOptions,
} from './store/store-options.js';
export { type RemovedModel, removeModel } from './store/remove-model.js';
