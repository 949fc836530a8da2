import { measureNames, measures } from '../../api/choices.js';

export type { ScoreFlags } from './common-options.js';

/** Measures that are complete without files of others. */
export const completeMeasures = measureNames.filter((name) => measures[name].needs.length === 0);
