import { stat } from 'node:fs/promises';
import {
  type NetworkConfig,
  type NetworkCost,
  type NetworkDescription,
  networkCost,
  type NetworkTask,
  recogniseNetwork,
} from '../networks/index.js';
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { present } from '../present.js';
import { readWeightsHeader, type WeightsFormat } from '../weights/index.js';
import { parseRecord, type TrainingRecord } from './network-weights.js';
import { fileOfWeights } from './run-weights.js';
import { type NamedWeights, weightsReference } from './weights-reference.js';

/** Facts about a weights file, from its header. */
export interface WeightsDescription {
  /** Bytes of the file. */
  readonly fileSize: number;
  readonly format: WeightsFormat;
  /** Keys of a checkpoint under which the tensors lay, from the outside. Left out where there were none. */
  readonly wrapper?: readonly string[];
  /** What stood before the name of every tensor and was taken off, such as `module.`. Left out where nothing did. */
  readonly prefix?: string;
  /** Other state dicts that the file has, as `::KEY` behind its name chooses them. Left out where there are none. */
  readonly others?: readonly string[];
  /** How many files the weights are cut into. Left out where it is one. */
  readonly parts?: number;
  readonly tensors: number;
  /** Numbers in all tensors together. */
  readonly parameters: number;
  /** Left out where no known architecture has these tensors. */
  readonly network?: {
    readonly task: NetworkTask;
    readonly architecture: string;
    readonly title: string;
    readonly config: NetworkConfig;
    /** Parameters, and multiplications with an addition for a picture of 256 × 256 pixels. */
    readonly cost: NetworkCost;
  } & Pick<NetworkDescription, 'scale' | 'multiple' | 'reach' | 'tilesExactly' | 'blindSpot'>;
  readonly method?: string;
  readonly training: TrainingRecord;
  readonly licence?: string;
  /** Everything that the file says of itself, as it says it. */
  readonly metadata: Readonly<Record<string, string>>;
}

function networkOf({
  task,
  architecture: { title },
  description,
}: NonNullable<ReturnType<typeof recogniseNetwork>>): NonNullable<WeightsDescription['network']> {
  const { architecture, config, scale, multiple, reach, tilesExactly, blindSpot } = description;
  const cost = networkCost(description);
  return { task, architecture, title, config, cost, scale, multiple, reach, tilesExactly, blindSpot };
}

const reading = {
  recognises: (shapes: Readonly<Record<string, readonly number[]>>) => recogniseNetwork(shapes) !== undefined,
};

/** The one file that a name of weights means. */
async function oneFile(named: string): Promise<NamedWeights> {
  const [only, ...more] = await weightsReference(named);
  if (only === undefined || more.length > 0)
    throw new RevelaError(`${named} is a blend of several weights; name one of them`);
  return { ...only, path: await fileOfWeights(only.path) };
}

/**
 * Describes a safetensors file or a PyTorch checkpoint without reading its numbers, whatever network it holds.
 *
 * @param named a file, the folder of a run, or one state dict of a file: see `weightsReference`
 * @throws RevelaError if the file is missing, cannot be read, or holds no weights
 *
 * @example
 * const { network, parameters } = await describeWeights('denoiser.safetensors');
 */
export async function describeWeights(named: string): Promise<WeightsDescription> {
  const { path, key } = await oneFile(named);
  const { format, tensors, metadata, wrapper, prefix, others, parts } = await readWeightsHeader(path, {
    ...reading,
    key,
  });
  const { size: fileSize } = await stat(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
  const recognised = recogniseNetwork(shapes);
  const { method, licence } = metadata;
  return {
    fileSize,
    format,
    ...(wrapper.length > 0 && { wrapper }),
    ...(prefix !== '' && { prefix }),
    ...(others.length > 0 && { others }),
    ...present({ parts }),
    tensors: tensors.size,
    parameters: Object.values(shapes).reduce(
      (sum, shape) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    ),
    ...present({ network: recognised && networkOf(recognised), method }),
    training: parseRecord(metadata['training']),
    ...present({ licence }),
    metadata,
  };
}

/**
 * What the network of weights is for, from their header; undefined where no known network has their tensors.
 *
 * @param named weights: see `weightsReference`
 * @throws RevelaError if the file is missing, cannot be read, or holds no weights
 *
 * @example
 * if ((await taskOfWeights('net_g.pth')) === 'upscale') await upscale('photo.jpg', { weights: 'net_g.pth' });
 */
export async function taskOfWeights(named: string): Promise<NetworkTask | undefined> {
  const [first] = await weightsReference(named);
  if (first === undefined) return undefined;
  const { tensors } = await readWeightsHeader(await fileOfWeights(first.path), {
    ...reading,
    key: first.key,
  });
  return recogniseNetwork(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape])))?.task;
}

/** Which state dict of a file is taken, and which others it has. */
export interface ChosenStateDict {
  readonly path: string;
  /** The name of the one that is taken; undefined where it is the file itself. */
  readonly taken: string | undefined;
  readonly others: readonly string[];
}

/**
 * The files of a name of weights that have several state dicts, and what is taken of each.
 *
 * @throws RevelaError if one is missing, cannot be read, or holds no weights
 *
 * @example
 * await chosenStateDicts('net.pth'); // [{ path: 'net.pth', taken: 'params_ema', others: ['params'] }]
 */
export async function chosenStateDicts(named: string): Promise<readonly ChosenStateDict[]> {
  const chosen: ChosenStateDict[] = [];
  for (const { path, key } of await weightsReference(named)) {
    const header = await readWeightsHeader(await fileOfWeights(path), { ...reading, key });
    const { wrapper, prefix, others } = header;
    const taken = [...wrapper, ...(prefix === '' ? [] : [prefix.slice(0, -1)])].join('.');
    if (others.length > 0) chosen.push({ path, taken: taken === '' ? undefined : taken, others });
  }
  return chosen;
}
