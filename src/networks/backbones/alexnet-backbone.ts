import { mean } from '../../tensor/index.js';
import { ALEXNET_LEAST_SIDE, alexnet, alexnetParameters, isAlexnet } from '../alexnet.js';
import { normaliseForImageNet } from '../vgg.js';
import type { TorchvisionBackbone } from './semantic-backbone.js';

/** AlexNet as a backbone: the pooled feature is the mean of its last convolution, before the classifier. */
export const alexnetBackbone: TorchvisionBackbone = {
  name: 'alexnet',
  title: 'AlexNet',
  wanted: "torchvision's alexnet, such as alexnet-owt-7be5be79.pth",
  parameters: alexnetParameters,
  recognises: isAlexnet,
  stages: [
    { name: 'conv1', channels: 64, stride: 4 },
    { name: 'conv2', channels: 192, stride: 8 },
    { name: 'conv3', channels: 384, stride: 16 },
    { name: 'conv4', channels: 256, stride: 16 },
    { name: 'conv5', channels: 256, stride: 16 },
  ],
  usualStages: ['conv2', 'conv4'],
  pooledWidth: 256,
  leastSide: ALEXNET_LEAST_SIDE,
  normalise: normaliseForImageNet,
  look(parameters, x) {
    const features = alexnet(parameters, x);
    return { stages: features, pooled: mean(features.conv5, { axes: [2, 3] }) };
  },
};
