// What of this room runs on any platform.
export { decodeSafetensors, type SafetensorsFile } from './decode-safetensors.js';
export { encodeSafetensors, type SafetensorsContent } from './encode.js';
export { assertFinite } from './finite.js';
export type { Downloading } from './store/downloading.js';
export type { StoredTensor } from './stored-tensor.js';
export { toFloat32 } from './to-float32.js';
