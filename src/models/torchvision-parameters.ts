import { RevelaError } from '../errors.js';
import type { StateDictShapes } from '../networks/index.js';
import type { ParameterDeclarations } from '../nn/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { StoredTensor } from '../weights/anywhere.js';
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
 * The convolutions of a network among the tensors of torchvision's weights (keys `features.N.…`, with or without the classifier).
 *
 * @returns parameters of the network, by state-dict key
 * @throws RevelaError, one line, for tensors of something else or of another shape, NaN or infinity
 */
export function torchvisionParameters(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  network: TorchvisionNetwork,
): Readonly<Record<string, TensorValue>> {
  const { recognises, parameters, title } = network;
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  if (!recognises(shapes)) throw objection(path, [...tensors.keys()], network);
  const kept = new Map([...tensors].filter(([key]) => !key.startsWith('classifier.')));
  const expected = [...parameters()].map(([key, { shape }]) => [key, shape] as const);
  expectTensors(path, title, new Map(expected), Object.fromEntries(kept));
  return float32Parameters(kept, path);
}
