// What of this room runs on any platform.
export { createPairSource, type PairSource } from './pair-source.js';
export { type Enlargement, giveBack, giveBackAside, type GivingBack } from './give-back.js';
