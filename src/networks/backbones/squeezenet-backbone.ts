import { mean } from '../../tensor/index.js';
import { normaliseForImageNet } from '../vgg.js';
import { isSqueezenet, SQUEEZENET_LEAST_SIDE, squeezenet, squeezenetParameters } from '../squeezenet.js';
import type { TorchvisionBackbone } from './semantic-backbone.js';

/** SqueezeNet 1.1 as a backbone: the pooled feature is the mean of its last fire module, before the classifier. */
export const squeezenetBackbone: TorchvisionBackbone = {
  name: 'squeezenet',
  title: 'SqueezeNet 1.1',
  wanted: "torchvision's squeezenet1_1, such as squeezenet1_1-b8a52dc0.pth",
  parameters: squeezenetParameters,
  recognises: isSqueezenet,
  stages: [
    { name: 'conv1', channels: 64, stride: 2 },
    { name: 'fire3', channels: 128, stride: 4 },
    { name: 'fire5', channels: 256, stride: 8 },
    { name: 'fire6', channels: 384, stride: 16 },
    { name: 'fire7', channels: 384, stride: 16 },
    { name: 'fire8', channels: 512, stride: 16 },
    { name: 'fire9', channels: 512, stride: 16 },
  ],
  usualStages: ['fire5', 'fire8'],
  pooledWidth: 512,
  leastSide: SQUEEZENET_LEAST_SIDE,
  normalise: normaliseForImageNet,
  look(parameters, x) {
    const features = squeezenet(parameters, x);
    return { stages: features, pooled: mean(features.fire9, { axes: [2, 3] }) };
  },
};
