export { type DeviceChoice, type DeviceReport, probeDevices } from '../runtime/node/index.js';
