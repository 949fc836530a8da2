// What of this room runs on any platform.
export { type Adapting, adaptingOf, type AdaptOptions } from './adapt/adapt.js';
export type { AdaptingState } from './adapt/adapting-state.js';
