import { RevelaError } from '../errors.js';
import { isAlexnet, isSqueezenet, isVgg16, type StateDictShapes } from '../networks/index.js';
import { lpipsBackbones, lpipsHeadShapes, type LpipsNetwork, lpipsNetworks } from '../quality/anywhere.js';
import { type Shape, sameShape, type TensorValue } from '../tensor/index.js';
import type { StoredTensor } from '../weights/anywhere.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';
import { torchvisionParameters } from './torchvision-parameters.js';

type Parameters = Readonly<Record<string, TensorValue>>;

/** A file of weights, read. */
export interface ReadWeights {
  /** What errors call it. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** LPIPS, read. */
export interface LpipsWeights {
  readonly network: LpipsNetwork;
  readonly backbone: Parameters;
  readonly heads: Parameters;
}

export const backboneFacts: Readonly<
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

/**
 * The network whose heads of LPIPS a file holds; `undefined` where it holds none.
 *
 * @throws RevelaError for heads of a network that is not known
 */
export function networkOfHeads({ name, tensors }: ReadWeights): LpipsNetwork | undefined {
  const shapes = shapesOf(headsIn(tensors));
  if (Object.keys(shapes).length === 0) return undefined;
  const network = lpipsNetworks.find((known) => matches(shapes, lpipsHeadShapes(known)));
  if (network === undefined)
    throw new RevelaError(`${name} holds heads of LPIPS for none of ${lpipsNetworks.join(', ')}`);
  return network;
}

const headsIn = (tensors: ReadWeights['tensors']): ReadonlyMap<string, StoredTensor> =>
  new Map([...tensors].filter(([key]) => isHead(key)));

const shapesOf = (tensors: ReadWeights['tensors']): StateDictShapes =>
  Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));

/**
 * The heads of LPIPS for a network.
 *
 * @throws RevelaError, one line, for a file that holds something else, or the heads of another network
 */
export function lpipsHeads({ name, tensors }: ReadWeights, network: LpipsNetwork): Parameters {
  const heads = headsIn(tensors);
  const shapes = shapesOf(heads);
  const expected = lpipsHeadShapes(network);
  if (heads.size === 0)
    throw new RevelaError(
      `${name} holds no heads of LPIPS; its first tensors are ${few([...tensors.keys()])}; give its authors' v0.1/${network}.pth`,
    );
  const other = lpipsNetworks.find((known) => known !== network && matches(shapes, lpipsHeadShapes(known)));
  if (other !== undefined && !matches(shapes, expected))
    throw new RevelaError(`${name} holds the heads of LPIPS for ${other}, not for ${network}`);
  return checkedParameters(name, `LPIPS ${network}`, expected, heads);
}

/** What errors and the reader of its file need to know of a network that LPIPS looks through. */
export const backboneOf = (network: LpipsNetwork) => {
  const { title, parameters } = lpipsBackbones[network];
  return { title, parameters, purpose: `LPIPS ${network} is`, ...backboneFacts[network] };
};

/**
 * LPIPS of two files in any order: its heads, which say the network, and torchvision's weights of that network.
 *
 * @throws RevelaError, one line, for files that hold something else
 */
export function lpipsOf(one: ReadWeights, other: ReadWeights): LpipsWeights {
  const [first, second] = [networkOfHeads(one), networkOfHeads(other)];
  const network = first ?? second;
  if (network === undefined)
    throw new RevelaError(
      `neither ${one.name} nor ${other.name} holds heads of LPIPS; give its authors' v0.1 files`,
    );
  const [heads, backbone] = first === undefined ? [other, one] : [one, other];
  return {
    network,
    heads: lpipsHeads(heads, network),
    backbone: torchvisionParameters(backbone.name, backbone.tensors, backboneOf(network)),
  };
}

/** Tensors as parameters, once they are those that are expected. */
export function checkedParameters(
  path: string,
  title: string,
  expected: ReadonlyMap<string, Shape>,
  tensors: ReadonlyMap<string, StoredTensor>,
): Parameters {
  expectTensors(path, title, expected, Object.fromEntries(tensors));
  return float32Parameters(tensors, path);
}
