export * from './pictures.js';
export * from './choices.js';
export * from './restoring.js';
export * from './quality.js';
export * from './evaluating.js';
export * from './training.js';
export * from './models.js';
export * from './devices.js';
