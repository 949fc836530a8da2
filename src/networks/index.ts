export type { DbsnlConfig } from './dbsnl.js';
export { dbsnl, dbsnlPaperConfig, dbsnlReach } from './dbsnl.js';
