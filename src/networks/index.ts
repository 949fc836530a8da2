export type {
  Architecture,
  NetworkDescription,
  NetworkSize,
  StateDictShapes,
} from './architecture.js';
export { architectures, recogniseNetwork } from './architectures.js';
export type { DbsnlConfig } from './dbsnl.js';
export { dbsnl, dbsnlArchitecture, dbsnlPaperConfig, dbsnlReach } from './dbsnl.js';
export { flagOf, type NetworkConfig, numberOf, numbersOf, textOf } from './network-config.js';
