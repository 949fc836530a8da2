// What options choose among: a door beside index.ts, which loads what measures open.
export { burstDefaults } from './culling/burst-options.js';
export { measureNames } from './measures.js';
