import { RevelaError } from '../errors.js';
import type { StateDictShapes } from '../networks/index.js';
import type { ParameterDeclarations } from '../nn/index.js';
import type { TensorValue } from '../tensor/index.js';
import { modelPath, readWeightsFile } from '../weights/index.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';

/** A network that torchvision trained on ImageNet. */
export interface TorchvisionNetwork {
  /** As its authors call it: `VGG19`. */
  readonly title: string;
  /** What to give: `torchvision's vgg19, such as vgg19-dcbb9e9d.pth`. */
  readonly wanted: string;
  /** What it is for, in errors: `the perceptual loss is`. */
  readonly purpose: string;
  readonly recognises: (shapes: StateDictShapes) => boolean;
  readonly parameters: () => ParameterDeclarations;
}

/** Why tensors are not those of the network. */
function objection(
  path: string,
  keys: readonly string[],
  { title, wanted, purpose }: TorchvisionNetwork,
): RevelaError {
  if (!keys.some((key) => /(?:^|\.)features\.0\.weight$/.test(key)))
    return new RevelaError(`${path} holds no ${title}; its first tensors are ${few(keys)}; give ${wanted}`);
  const normalised = keys.some((key) => /features\.\d+\.running_mean$/.test(key));
  return new RevelaError(
    `${path} holds ${normalised ? 'a VGG with batch normalisation' : `another network than ${title}`}; ${purpose} defined on ${wanted}`,
  );
}

/**
 * Reads the convolutions of a network from torchvision's weights (keys `features.N.…`, with or without the classifier), as
 * safetensors or a PyTorch file, in any precision, with any prefix before all names.
 *
 * @returns parameters of the network, by state-dict key
 * @throws RevelaError, one line, for a file that holds something else, tensors of another shape, NaN or infinity
 */
export async function loadTorchvision(
  named: string,
  network: TorchvisionNetwork,
): Promise<Readonly<Record<string, TensorValue>>> {
  const path = await modelPath(named);
  const { recognises, parameters, title } = network;
  const { tensors } = await readWeightsFile(path, { recognises });
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  if (!recognises(shapes)) throw objection(path, [...tensors.keys()], network);
  const kept = new Map([...tensors].filter(([key]) => !key.startsWith('classifier.')));
  const expected = [...parameters()].map(([key, { shape }]) => [key, shape] as const);
  expectTensors(path, title, new Map(expected), Object.fromEntries(kept));
  return float32Parameters(kept, path);
}
