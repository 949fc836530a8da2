import { stat } from 'node:fs/promises';
import { architectures, type NetworkConfig, recogniseNetwork } from '../networks/index.js';
import { fileError } from '../file-errors.js';
import { readSafetensorsHeader } from '../weights/index.js';
import { parseRecord, type TrainingRecord } from './denoiser-weights.js';

/** Facts about a weights file, from its header. */
export interface WeightsDescription {
  /** Bytes of the file. */
  readonly fileSize: number;
  readonly tensors: number;
  /** Numbers in all tensors together. */
  readonly parameters: number;
  /** Left out where no known architecture has these tensors. */
  readonly network?: {
    readonly architecture: string;
    readonly title: string;
    readonly config: NetworkConfig;
  };
  readonly method?: string;
  readonly training: TrainingRecord;
  readonly licence?: string;
  /** Everything that the file says of itself, as it says it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Describes a safetensors file without reading its numbers, whatever network it holds.
 *
 * @throws RevelaError if the file is missing, cannot be read, or is no safetensors file
 *
 * @example
 * const { network, parameters } = await describeWeights('denoiser.safetensors');
 */
export async function describeWeights(path: string): Promise<WeightsDescription> {
  const { tensors, metadata } = await readSafetensorsHeader(path);
  const { size: fileSize } = await stat(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  const description = recogniseNetwork(shapes)?.description;
  const title = architectures[description?.architecture ?? '']?.title;
  const { method, licence } = metadata;
  return {
    fileSize,
    tensors: tensors.size,
    parameters: Object.values(shapes).reduce(
      (sum, shape) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    ),
    ...(description !== undefined &&
      title !== undefined && {
        network: { architecture: description.architecture, title, config: description.config },
      }),
    ...(method !== undefined && { method }),
    training: parseRecord(metadata['training']),
    ...(licence !== undefined && { licence }),
    metadata,
  };
}
