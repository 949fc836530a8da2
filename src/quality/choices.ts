// What options choose among, and what measures are called: a door beside index.ts, which loads what reads pictures.
export { brisqueMeasure } from './brisque/brisque.js';
export { clipIqaMeasure } from './clip-iqa/clip-iqa.js';
export { ilNiqeMeasure } from './il-niqe/il-niqe.js';
export type { QualityMeasure } from './measure.js';
export { niqeMeasure } from './niqe/niqe.js';
export { lpipsNetworks } from './reference/lpips.js';
export { referenceMeasures } from './reference/reference-measures.js';
export { scorerMeasure } from './scorer/scorer-measure.js';
export { sfdIqaMeasure } from './sfd-iqa/sfd-iqa.js';
export { sfdCombinations, sigmoidPlaces } from './sfd-iqa/sfd-rule.js';
