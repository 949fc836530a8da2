import { alexnetBackbone } from './alexnet-backbone.js';
import type { TorchvisionBackbone } from './semantic-backbone.js';
import { squeezenetBackbone } from './squeezenet-backbone.js';

/** The backbones that torchvision publishes, which know no texts. */
export const torchvisionBackbones: readonly TorchvisionBackbone[] = [squeezenetBackbone, alexnetBackbone];
