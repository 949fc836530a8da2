// What of this room runs on any platform.
export { type Enlargement, giveBack, giveBackAside, type GivingBack } from './give-back.js';
