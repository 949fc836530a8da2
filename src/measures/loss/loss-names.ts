import { list } from '../list.js';
import type { LossName } from '../option-tables.js';

/** The measures that can be a loss: those that compare first. */
export const differentiable = [
  ...list.filter((measure) => 'loss' in measure && measure.kind !== 'scoring'),
  ...list.filter((measure) => 'loss' in measure && measure.kind === 'scoring'),
];

/** Names of the measures that can be a loss: those that are differentiable in the pictures. */
export const lossNames: readonly LossName[] = differentiable.map(({ facts }) => facts.name);
