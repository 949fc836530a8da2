import { RevelaError } from '../errors.js';
import { vgg16Parameters } from '../networks/index.js';
import { distsWeightShapes, type LpipsNetwork } from '../quality/index.js';
import type { TensorValue } from '../tensor/index.js';
import { modelPath, readWeightsFile } from '../weights/index.js';
import { few } from './expected-tensors.js';
import {
  backboneFacts,
  backboneOf,
  checkedParameters,
  lpipsHeads,
  type LpipsWeights,
} from './lpips-weights.js';
import { loadTorchvision } from './torchvision-weights.js';

type Parameters = Readonly<Record<string, TensorValue>>;

/** The two files that a measure of distance is made of: paths. */
export interface DistanceFiles {
  /** What its authors published: LPIPS's heads, or DISTS's weights. */
  readonly weights: string;
  /** torchvision's weights of the network that it looks through. */
  readonly backbone: string;
}

/** DISTS, read. */
export interface DistsWeights {
  readonly backbone: Parameters;
  /** `alpha` and `beta`. */
  readonly weights: Parameters;
}

async function loadHeads(named: string, network: LpipsNetwork): Promise<Parameters> {
  const path = await modelPath(named);
  const { tensors } = await readWeightsFile(path);
  return lpipsHeads({ name: path, tensors }, network);
}

/**
 * Reads LPIPS 0.1: the heads that its authors published, and torchvision's weights of the network that it looks through.
 *
 * @throws RevelaError, one line, for files that hold something else, or the heads of another network
 *
 * @example
 * const weights = await loadLpips('alex', { weights: 'alex.pth', backbone: 'alexnet-owt-7be5be79.pth' });
 */
export async function loadLpips(
  network: LpipsNetwork,
  { weights, backbone }: DistanceFiles,
): Promise<LpipsWeights> {
  const heads = await loadHeads(weights, network);
  return { network, heads, backbone: await loadTorchvision(backbone, backboneOf(network)) };
}

/**
 * Reads DISTS: the weights that its authors published, and torchvision's VGG16.
 *
 * @throws RevelaError, one line, for files that hold something else
 *
 * @example
 * const weights = await loadDists({ weights: 'weights.pt', backbone: 'vgg16-397923af.pth' });
 */
export async function loadDists({ weights: named, backbone }: DistanceFiles): Promise<DistsWeights> {
  const weights = await modelPath(named);
  const { tensors } = await readWeightsFile(weights);
  const own = new Map([...tensors].filter(([key]) => distsWeightShapes.has(key)));
  if (own.size === 0)
    throw new RevelaError(
      `${weights} holds no weights of DISTS; its first tensors are ${few([...tensors.keys()])}; give its authors' weights.pt`,
    );
  const facts = { title: 'VGG16', parameters: vgg16Parameters, purpose: 'DISTS is', ...backboneFacts.vgg };
  return {
    weights: checkedParameters(weights, 'DISTS', distsWeightShapes, own),
    backbone: await loadTorchvision(backbone, facts),
  };
}
