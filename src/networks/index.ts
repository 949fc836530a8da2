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
export type { StudentConfig } from './student-unet.js';
export { studentArchitecture, studentPaperConfig, studentReach, studentUnet } from './student-unet.js';
