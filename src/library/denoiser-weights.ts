import { distilled, sdap } from '../denoise/index.js';
import { RevelaError } from '../errors.js';
import type { NetworkDescription } from '../networks/index.js';
import { architectures, networkParameters, recogniseNetwork } from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { readWeightsFile, type StoredTensor, writeSafetensors } from '../weights/index.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';

/** How weights came about; kept in their file. Every field is optional because files of others may lack it. */
export interface TrainingRecord {
  readonly method?: string;
  readonly steps?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly pictures?: number;
  readonly command?: string;
  readonly startedFrom?: string;
  readonly date?: string;
  /** What they were measured to be worth at their last step: see the fields of `metrics.jsonl`. */
  readonly validationPsnr?: number;
  readonly validationSsim?: number;
  readonly validationLoss?: number;
}

/** A denoiser: a network with its parameters, the method it was trained by, and how. */
export interface DenoiserWeights {
  readonly method: string;
  readonly description: NetworkDescription;
  /** By state-dict key. */
  readonly parameters: Readonly<Record<string, TensorValue>>;
  readonly record: TrainingRecord;
  readonly licence: string;
}

/** How many numbers a denoiser has learnt. */
export function parameterCount({ parameters }: DenoiserWeights): number {
  return Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
}

/** Writes a denoiser as safetensors: beside the target, then renamed. */
export async function saveDenoiserWeights(path: string, weights: DenoiserWeights): Promise<void> {
  const { method, description, parameters, record, licence } = weights;
  const tensors = new Map<string, StoredTensor>();
  for (const [key, { data, shape }] of Object.entries(parameters))
    tensors.set(key, { dtype: 'F32', shape, data: Float32Array.from(data, Number) });
  const metadata = {
    format: 'revela-denoiser-1',
    method,
    architecture: description.architecture,
    config: JSON.stringify(description.config),
    training: JSON.stringify(record),
    licence,
  };
  await writeSafetensors(path, { tensors, metadata });
}

/** What a file says of its training; empty where it says nothing that can be read. */
export function parseRecord(text: string | undefined): TrainingRecord {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function checkAgainst(
  path: string,
  description: NetworkDescription,
  parameters: Readonly<Record<string, TensorValue>>,
): void {
  if (description.inputChannels !== 3)
    throw new RevelaError(
      `${path} takes pictures of ${description.inputChannels} channels; expected weights for red, green and blue`,
    );
  const shapes = [...networkParameters(description)].map(([key, { shape }]) => [key, shape] as const);
  expectTensors(path, description.architecture, new Map(shapes), parameters);
}

/**
 * Reads a denoiser from safetensors or a PyTorch checkpoint; its architecture and size are recognised from the tensors.
 * Where the file does not say by which method it was trained, a network with a blind spot is taken for SDAP's, and any
 * other is applied in one plain pass, as a distilled one is.
 *
 * @throws RevelaError for a file that holds no weights, another network, or NaN or infinity.
 */
export async function loadDenoiserWeights(path: string): Promise<DenoiserWeights> {
  const file = await readWeightsFile(path, {
    recognises: (shapes) => recogniseNetwork(shapes) !== undefined,
  });
  const shapes = Object.fromEntries([...file.tensors].map(([key, { shape }]) => [key, shape]));
  const recognised = recogniseNetwork(shapes);
  if (recognised === undefined)
    throw new RevelaError(
      `${path} holds no network that denoises (known: ${Object.keys(architectures).join(', ')}); its first tensors are ${few(Object.keys(shapes))}`,
    );
  const { architecture, description } = recognised;
  const kept = [...file.tensors].filter(([key]) => !architecture.isBuffer(key));
  const parameters = float32Parameters(new Map(kept), path);
  checkAgainst(path, description, parameters);
  const method = file.metadata['method'] ?? (description.blindSpot ? sdap : distilled).name;
  return {
    method,
    description,
    parameters,
    record: parseRecord(file.metadata['training']),
    licence: file.metadata['licence'] ?? 'unknown',
  };
}
