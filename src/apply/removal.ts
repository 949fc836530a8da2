import type { RevelaImage } from '../images/index.js';
import type { RemovalFacts } from './remove-noise.js';

/** A picture, and what was done to it. */
export interface Removal {
  readonly picture: RevelaImage;
  /** Missing where nothing was measured. */
  readonly facts?: RemovalFacts;
}
