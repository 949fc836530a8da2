export * from './clipping.js';
export * from './folded-convolution.js';
export * from './initialisers.js';
export * from './layers.js';
export * from './optimisers.js';
export * from './parameters.js';
export * from '../random.js';
export * from './schedules.js';
