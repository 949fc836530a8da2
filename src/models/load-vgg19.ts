import { isVgg19, vgg19Parameters } from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { loadTorchvision } from './torchvision-weights.js';

/**
 * Reads the convolutions of VGG19 from torchvision's weights (keys `features.N.…`, with or without the classifier), as
 * safetensors or a PyTorch file, in any precision, with any prefix before all names.
 *
 * @returns parameters of `vgg19`, by state-dict key
 * @throws RevelaError, one line, for a file that holds something else, tensors of another shape, NaN or infinity
 *
 * @example
 * const parameters = await loadVgg19('vgg19-dcbb9e9d.pth');
 */
export function loadVgg19(path: string): Promise<Readonly<Record<string, TensorValue>>> {
  return loadTorchvision(path, {
    title: 'VGG19',
    wanted: "torchvision's vgg19, such as vgg19-dcbb9e9d.pth",
    purpose: 'the perceptual loss is',
    recognises: isVgg19,
    parameters: vgg19Parameters,
  });
}
