import { RevelaError } from '../errors.js';
import { isVgg19, vgg19Parameters } from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { readWeightsFile } from '../weights/index.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';

/** Why tensors are not those of VGG19. */
function objection(path: string, keys: readonly string[]): RevelaError {
  const wanted = "torchvision's vgg19, such as vgg19-dcbb9e9d.pth";
  if (!keys.some((key) => /(?:^|\.)features\.0\.weight$/.test(key)))
    return new RevelaError(`${path} holds no VGG19; its first tensors are ${few(keys)}; give ${wanted}`);
  const normalised = keys.some((key) => /features\.\d+\.running_mean$/.test(key));
  return new RevelaError(
    `${path} holds ${normalised ? 'a VGG with batch normalisation' : 'another network than VGG19'}; the perceptual loss is defined on ${wanted}`,
  );
}

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
export async function loadVgg19(path: string): Promise<Readonly<Record<string, TensorValue>>> {
  const { tensors } = await readWeightsFile(path, { recognises: isVgg19 });
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  if (!isVgg19(shapes)) throw objection(path, [...tensors.keys()]);
  const kept = new Map([...tensors].filter(([key]) => !key.startsWith('classifier.')));
  const expected = [...vgg19Parameters()].map(([key, { shape }]) => [key, shape] as const);
  expectTensors(path, 'VGG19', new Map(expected), Object.fromEntries(kept));
  return float32Parameters(kept, path);
}
