import { RevelaError } from '../errors.js';
import type { NetworkDescription, NetworkTask } from '../networks/index.js';
import { architecturesFor, networkParameters, recogniseAnyNetwork } from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { formatShape, sameShape } from '../tensor/index.js';
import {
  assertFinite,
  readWeightsFile,
  type StoredTensor,
  toFloat32,
  writeSafetensors,
} from '../weights/index.js';

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

/** A network with its parameters, and how they came about. */
export interface NetworkWeights {
  /** The method that it was trained by; left out where its file does not say so. */
  readonly method?: string;
  readonly description: NetworkDescription;
  /** By state-dict key. */
  readonly parameters: Readonly<Record<string, TensorValue>>;
  readonly record: TrainingRecord;
  readonly licence: string;
}

/** How many numbers weights hold. */
export function parameterCount({ parameters }: Pick<NetworkWeights, 'parameters'>): number {
  return Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
}

/**
 * Writes weights as safetensors: beside the target, then renamed.
 *
 * @param format what the file says it is
 */
export async function saveNetworkWeights(
  path: string,
  format: 'revela-denoiser-1' | 'revela-upscaler-1',
  { method, description, parameters, record, licence }: NetworkWeights,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [key, { data, shape }] of Object.entries(parameters))
    tensors.set(key, { dtype: 'F32', shape, data: Float32Array.from(data, Number) });
  const metadata = {
    format,
    ...(method === undefined ? {} : { method }),
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

/** The first few of a list, as a sentence part. */
const few = (keys: readonly string[]): string =>
  keys.slice(0, 3).join(', ') + (keys.length > 3 ? ` and ${keys.length - 3} more` : '');

function checkAgainst(
  path: string,
  description: NetworkDescription,
  parameters: Readonly<Record<string, TensorValue>>,
): void {
  if (description.inputChannels !== 3)
    throw new RevelaError(
      `${path} takes pictures of ${description.inputChannels} channels; expected weights for red, green and blue`,
    );
  const declared = networkParameters(description);
  const missing = [...declared.keys()].filter((key) => parameters[key] === undefined);
  const unknown = Object.keys(parameters).filter((key) => !declared.has(key));
  if (missing.length > 0)
    throw new RevelaError(
      `${path}: ${description.architecture} weights lack ${few(missing)}; save the whole state dict of the network`,
    );
  if (unknown.length > 0)
    throw new RevelaError(
      `${path}: ${description.architecture} of this size has no ${few(unknown)}; save the state dict of the network alone`,
    );
  const misshapen = [...declared].flatMap(([key, { shape }]) => {
    const found = parameters[key];
    return found === undefined || sameShape(found.shape, shape)
      ? []
      : [`${key} must be ${formatShape(shape)}, got ${formatShape(found.shape)}`];
  });
  if (misshapen.length > 0)
    throw new RevelaError(
      `${path}: as ${description.architecture} weights, ${few(misshapen)}; take the weights of one network`,
    );
}

/** What is done by weights of each kind, and the command that does it. */
const uses: Readonly<Record<NetworkTask, { readonly does: string; readonly command: string }>> = {
  denoise: { does: 'denoises', command: 'revela denoise' },
  upscale: { does: 'enlarges', command: 'revela upscale' },
};

/**
 * Checks what a network is for.
 *
 * @param name what messages call the weights
 * @throws RevelaError with the command for it, if it is for something else
 */
export function checkTask(
  { description: { architecture } }: Pick<NetworkWeights, 'description'>,
  task: NetworkTask,
  name = 'the weights given',
): void {
  if (Object.hasOwn(architecturesFor[task], architecture)) return;
  const other = task === 'denoise' ? uses.upscale : uses.denoise;
  throw new RevelaError(
    `${name}: this is a network that ${other.does} pictures (${architecture}), not one that ${uses[task].does} them: use it with ${other.command}, or give other weights`,
  );
}

/**
 * Reads the weights of a network from safetensors or a PyTorch checkpoint; its architecture and size are recognised from
 * the tensors.
 *
 * @param task what the network must be for
 * @throws RevelaError for a file that holds no weights, a network for something else, or NaN or infinity.
 */
export async function loadNetworkWeights(path: string, task: NetworkTask): Promise<NetworkWeights> {
  const file = await readWeightsFile(path, {
    recognises: (shapes) => recogniseAnyNetwork(shapes) !== undefined,
  });
  const shapes = Object.fromEntries([...file.tensors].map(([key, { shape }]) => [key, shape]));
  const recognised = recogniseAnyNetwork(shapes);
  if (recognised === undefined)
    throw new RevelaError(
      `${path} holds no network that ${uses[task].does} (known: ${Object.keys(architecturesFor[task]).join(', ')}); its first tensors are ${few(Object.keys(shapes))}`,
    );
  const { architecture, description } = recognised;
  checkTask(recognised, task, path);
  const kept = [...file.tensors].filter(([key]) => !architecture.isBuffer(key));
  assertFinite(new Map(kept), path);
  const parameters = Object.fromEntries(
    kept.map(([key, tensor]) => [
      key,
      { data: toFloat32(tensor), shape: tensor.shape, dtype: 'float32' } satisfies TensorValue,
    ]),
  );
  checkAgainst(path, description, parameters);
  const { method, training, licence = 'unknown' } = file.metadata;
  return {
    ...(method === undefined ? {} : { method }),
    description,
    parameters,
    record: parseRecord(training),
    licence,
  };
}
