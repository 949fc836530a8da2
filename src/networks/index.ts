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
export type { NafnetConfig } from './nafnet.js';
export { nafnet, nafnetArchitecture, nafnetPaperConfig } from './nafnet.js';
export type { RestormerConfig } from './restormer.js';
export { restormer, restormerArchitecture, restormerPaperConfig } from './restormer.js';
