export { encodeSafetensors, type SafetensorsContent } from './encode.js';
export { assertFinite } from './finite.js';
export type { SafetensorsHeader, StoredTensorEntry } from './header.js';
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
