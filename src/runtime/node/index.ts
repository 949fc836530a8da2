export type { DeviceChoice, RuntimeOptions } from './devices.js';
export { createRuntime } from './devices.js';
export type { DeviceReport } from './probe.js';
export { type ProbeOptions, probeDevices } from './probe.js';
