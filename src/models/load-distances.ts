import { RevelaError } from '../errors.js';
import {
  isAlexnet,
  isSqueezenet,
  isVgg16,
  type StateDictShapes,
  vgg16Parameters,
} from '../networks/index.js';
import {
  distsWeightShapes,
  lpipsBackbones,
  lpipsHeadShapes,
  type LpipsNetwork,
  lpipsNetworks,
} from '../quality/index.js';
import { type Shape, sameShape, type TensorValue } from '../tensor/index.js';
import { modelPath, readWeightsFile, type StoredTensor } from '../weights/index.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';
import { loadTorchvision } from './torchvision-weights.js';

type Parameters = Readonly<Record<string, TensorValue>>;

/** The two files that a measure of distance is made of: paths. */
export interface DistanceFiles {
  /** What its authors published: LPIPS's heads, or DISTS's weights. */
  readonly weights: string;
  /** torchvision's weights of the network that it looks through. */
  readonly backbone: string;
}

/** LPIPS, read. */
export interface LpipsWeights {
  readonly network: LpipsNetwork;
  readonly backbone: Parameters;
  readonly heads: Parameters;
}

/** DISTS, read. */
export interface DistsWeights {
  readonly backbone: Parameters;
  /** `alpha` and `beta`. */
  readonly weights: Parameters;
}

const backboneFacts: Readonly<
  Record<LpipsNetwork, { readonly wanted: string; readonly recognises: (shapes: StateDictShapes) => boolean }>
> = {
  alex: { wanted: "torchvision's alexnet, such as alexnet-owt-7be5be79.pth", recognises: isAlexnet },
  vgg: { wanted: "torchvision's vgg16, such as vgg16-397923af.pth", recognises: isVgg16 },
  squeeze: {
    wanted: "torchvision's squeezenet1_1, such as squeezenet1_1-b8a52dc0.pth",
    recognises: isSqueezenet,
  },
};

const matches = (shapes: StateDictShapes, expected: ReadonlyMap<string, Shape>): boolean =>
  [...expected].every(([key, shape]) => {
    const found = shapes[key];
    return found !== undefined && sameShape(found, shape);
  });

/** Other programs keep every head twice; the whole of LPIPS has its network beside them. */
const isHead = (key: string): boolean => /^lin\d+\.model\.1\.weight$/.test(key);

async function loadHeads(named: string, network: LpipsNetwork): Promise<Parameters> {
  const path = await modelPath(named);
  const { tensors } = await readWeightsFile(path);
  const heads = new Map([...tensors].filter(([key]) => isHead(key)));
  const shapes = Object.fromEntries([...heads].map(([key, { shape }]) => [key, shape]));
  const expected = lpipsHeadShapes(network);
  if (heads.size === 0)
    throw new RevelaError(
      `${path} holds no heads of LPIPS; its first tensors are ${few([...tensors.keys()])}; give its authors' v0.1/${network}.pth`,
    );
  const other = lpipsNetworks.find((known) => known !== network && matches(shapes, lpipsHeadShapes(known)));
  if (other !== undefined && !matches(shapes, expected))
    throw new RevelaError(`${path} holds the heads of LPIPS for ${other}, not for ${network}`);
  return checked(path, `LPIPS ${network}`, expected, heads);
}

function checked(
  path: string,
  title: string,
  expected: ReadonlyMap<string, Shape>,
  tensors: ReadonlyMap<string, StoredTensor>,
): Parameters {
  expectTensors(path, title, expected, Object.fromEntries(tensors));
  return float32Parameters(tensors, path);
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
  const { title, parameters } = lpipsBackbones[network];
  const facts = { title, parameters, purpose: `LPIPS ${network} is`, ...backboneFacts[network] };
  return { network, heads, backbone: await loadTorchvision(backbone, facts) };
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
    weights: checked(weights, 'DISTS', distsWeightShapes, own),
    backbone: await loadTorchvision(backbone, facts),
  };
}
