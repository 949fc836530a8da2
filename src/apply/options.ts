// A door of its own: the options that this room declares, for help, without loading what does the work.
export {
  callOptions,
  type DeviceOptions,
  deviceOptions,
  machineOptions,
  tileOptions,
} from './device-options.js';
export { exportDenoiserOptions } from './export/export-options.js';
export { inferenceOptions } from './inference-options.js';
export { removalOptions } from './removal-options.js';
