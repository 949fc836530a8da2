// What options choose among: a door beside index.ts, which loads what reads weights.
export { weightsNaming } from './learning-options.js';
