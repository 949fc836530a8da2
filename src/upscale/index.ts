export { perceptualLoss, type PerceptualWeights, perceptualWeights } from './perceptual-loss.js';
export * from './sfd/index.js';
