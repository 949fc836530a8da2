export { encodeSafetensors, type SafetensorsContent } from './encode.js';
export { assertFinite } from './finite.js';
export { metadataName, type SafetensorsHeader, type StoredTensorEntry } from './header.js';
export { encodePytorch, writePytorch } from './pytorch/write-pytorch.js';
export {
  isWeightsFile,
  readWeightsFile,
  readWeightsHeader,
  type WeightsFile,
  type WeightsFormat,
  type WeightsHeader,
  type WeightsReading,
} from './read-weights.js';
export {
  decodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsFile,
  writeSafetensors,
} from './safetensors.js';
export type { StoredData, StoredDtype, StoredTensor } from './stored-tensor.js';
export { toFloat32 } from './to-float32.js';
export type { OnnxOutline, OnnxPort } from './onnx-outline.js';
export { readOnnxOutline } from './onnx-outline.js';
