// What of this room runs on any platform.
export { crispEdges, crispReach } from './crisp-edges.js';
export { createPairSource, type PairSource } from './pair-source.js';
export { type Enlargement, giveBack, giveBackAside, type GivingBack } from './give-back.js';
