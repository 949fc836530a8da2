// What options choose among: a door beside index.ts, which loads what reads pictures.
export { lpipsNetworks } from './arithmetic-options.js';
