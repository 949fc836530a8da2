export { perceptualLoss, type PerceptualWeights, perceptualWeights } from './perceptual-loss.js';
export * from './image-judge.js';
export * from './judge.js';
export * from './sfd/index.js';
export { bicubicResize, bicubicScale, type PlanesSize } from './bicubic.js';
