import type { Shape } from '../tensor/index.js';
import type { BatchSize } from './training-preset.js';

/** Shapes of a batch of pairs. */
export interface PairShapes {
  readonly high: Shape;
  readonly low: Shape;
}

/** The shapes of pairs whose large patches are of this size. */
export function pairShapes({ batch, patch }: BatchSize, scale: number): PairShapes {
  return { high: [batch, 3, patch, patch], low: [batch, 3, patch / scale, patch / scale] };
}
