export { perceptualLoss, type PerceptualWeights, perceptualWeights } from './perceptual-loss.js';
