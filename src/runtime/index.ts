export type { DeviceChoice, DeviceReport, RuntimeOptions } from './devices.js';
export { convolutionSpeed, createRuntime, probeDevices } from './devices.js';
export type {
  DeviceName,
  DeviceTensor,
  Executable,
  LoadOptions,
  Loop,
  RunResult,
  Runtime,
} from './runtime.js';
