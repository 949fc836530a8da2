export type { DeviceChoice, RuntimeOptions } from './devices.js';
export { createRuntime } from './devices.js';
export type { DeviceReport } from './probe.js';
export { probeDevices } from './probe.js';
export type {
  DeviceName,
  DeviceTensor,
  Executable,
  Holdings,
  LoadOptions,
  Loop,
  ProgramShelf,
  RunOptions,
  RunResult,
  Runtime,
} from './runtime.js';
export { convolutionSpeed, matmulSpeed } from './speed.js';
export { neededFeeds } from './needed-feeds.js';
