export { type DeviceChoice, type DeviceReport, probeDevices } from '../runtime/index.js';
