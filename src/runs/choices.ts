// What options choose among: a door beside index.ts, which loads what trains.
export { discriminatorNames } from './upscaler/game-options.js';
