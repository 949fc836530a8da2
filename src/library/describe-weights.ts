import { stat } from 'node:fs/promises';
import {
  type NetworkConfig,
  type NetworkCost,
  type NetworkDescription,
  networkCost,
  type NetworkTask,
  recogniseNetwork,
} from '../networks/index.js';
import { fileError } from '../file-errors.js';
import { readWeightsHeader, type WeightsFormat } from '../weights/index.js';
import { parseRecord, type TrainingRecord } from './network-weights.js';
import { weightsAt } from './run-weights.js';

/** Facts about a weights file, from its header. */
export interface WeightsDescription {
  /** Bytes of the file. */
  readonly fileSize: number;
  readonly format: WeightsFormat;
  /** Keys of a checkpoint under which the tensors lay, from the outside. Left out where there were none. */
  readonly wrapper?: readonly string[];
  /** What stood before the name of every tensor and was taken off, such as `module.`. Left out where nothing did. */
  readonly prefix?: string;
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

/**
 * Describes a safetensors file or a PyTorch checkpoint without reading its numbers, whatever network it holds.
 *
 * @param named a file, or the folder of a run
 * @throws RevelaError if the file is missing, cannot be read, or holds no weights
 *
 * @example
 * const { network, parameters } = await describeWeights('denoiser.safetensors');
 */
export async function describeWeights(named: string): Promise<WeightsDescription> {
  const path = await weightsAt(named);
  const { format, tensors, metadata, wrapper, prefix } = await readWeightsHeader(path, {
    recognises: (shapes) => recogniseNetwork(shapes) !== undefined,
  });
  const { size: fileSize } = await stat(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  const recognised = recogniseNetwork(shapes);
  const { method, licence } = metadata;
  return {
    fileSize,
    format,
    ...(wrapper.length > 0 && { wrapper }),
    ...(prefix !== '' && { prefix }),
    tensors: tensors.size,
    parameters: Object.values(shapes).reduce(
      (sum, shape) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    ),
    ...(recognised !== undefined && { network: networkOf(recognised) }),
    ...(method !== undefined && { method }),
    training: parseRecord(metadata['training']),
    ...(licence !== undefined && { licence }),
    metadata,
  };
}

/**
 * What the network of weights is for, from their header; undefined where no known network has their tensors.
 *
 * @param named a file, or the folder of a run
 * @throws RevelaError if the file is missing, cannot be read, or holds no weights
 */
export async function taskOfWeights(named: string): Promise<NetworkTask | undefined> {
  const { tensors } = await readWeightsHeader(await weightsAt(named), {
    recognises: (shapes) => recogniseNetwork(shapes) !== undefined,
  });
  return recogniseNetwork(Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape])))?.task;
}
