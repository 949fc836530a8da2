import { RevelaError, withFacts } from '../errors.js';
import {
  type NetworkDescription,
  type NetworkTask,
  architecturesFor,
  nearMiss,
  type NetworkWeights,
  networkParameters,
  outputChannels,
  recogniseNetwork,
  taskOf,
} from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { readWeightsFile, writeSafetensors } from '../weights/index.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';
import { blendWeights, type Share } from './blend-weights.js';
import { fileOfWeights } from './run-weights.js';
import { parseRecord } from './parse-record.js';
import { weightsContent } from './weights-content.js';
import { weightsReference } from './weights-reference.js';
import { present } from '../present.js';

export { parseRecord } from './parse-record.js';
export { inUse, type LearntWeights, type NetworkWeights, type TrainingRecord } from '../networks/index.js';

/** Where weights that were read from a file came from, as long as they are these: a copy that was changed is not. */
const files = new WeakMap<NetworkWeights, string>();

/** The file that weights were read from; `undefined` for a blend, and those that were made or changed in memory. */
export function fileRead(weights: NetworkWeights): string | undefined {
  return files.get(weights);
}

/**
 * How many numbers weights hold.
 *
 * @example
 * parameterCount(await loadDenoiserWeights('general'));
 */
export function parameterCount({ parameters }: Pick<NetworkWeights, 'parameters'>): number {
  return Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
}

/**
 * Writes weights as safetensors: beside the target, then renamed.
 *
 * @param task what the network is for
 */
export async function saveNetworkWeights(
  path: string,
  task: NetworkTask,
  weights: NetworkWeights,
): Promise<void> {
  await writeSafetensors(path, weightsContent(task, weights));
}

function checkAgainst(
  path: string,
  description: NetworkDescription,
  task: NetworkTask,
  parameters: Readonly<Record<string, TensorValue>>,
): void {
  const { architecture, inputChannels } = description;
  if (inputChannels !== 3 && inputChannels !== 1)
    throw new RevelaError(
      `${path} takes pictures of ${inputChannels} channels; expected weights for red, green and blue, or for grey`,
    );
  const shapes = [...networkParameters(description)].map(([key, { shape }]) => [key, shape] as const);
  expectTensors(path, architecture, new Map(shapes), parameters);
  const made = task === 'score' ? inputChannels : outputChannels(description);
  if (made !== inputChannels)
    throw new RevelaError(
      `${path} makes pictures of ${made} channel${made === 1 ? '' : 's'} of ones of ${inputChannels}; expected weights that keep the colours`,
    );
}

/** What is done by weights of each kind, and the function that does it. */
const uses: Readonly<Record<NetworkTask, { readonly does: string; readonly command: string }>> = {
  denoise: { does: 'denoises', command: '`denoise()`' },
  upscale: { does: 'enlarges', command: '`upscale()`' },
  score: { does: 'scores', command: '`score()`' },
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
  const other = uses[taskOf(architecture) ?? (task === 'denoise' ? 'upscale' : 'denoise')];
  throw new RevelaError(
    `${name}: this is a network that ${other.does} pictures (${architecture}), not one that ${uses[task].does} them: use it with ${other.command}, or give other weights`,
    { code: 'ERR_WEIGHTS' },
  );
}

/**
 * Reads the weights of a network from safetensors or a PyTorch checkpoint; its architecture and size are recognised from
 * the tensors.
 *
 * @param named a file, the folder of a run, one state dict of a file or a blend of several: see `weightsReference`
 * @param task what the network must be for
 * @throws RevelaError for a file that holds no weights, a network for something else, or NaN or infinity, and for a blend
 *   of different networks
 */
export async function loadNetworkWeights(named: string, task: NetworkTask): Promise<NetworkWeights> {
  try {
    return await loadNamed(named, task);
  } catch (error) {
    throw withFacts(error, { code: 'ERR_WEIGHTS' });
  }
}

async function loadNamed(named: string, task: NetworkTask): Promise<NetworkWeights> {
  const [first, ...others] = await weightsReference(named);
  if (first === undefined) throw new RevelaError(`${named} names no weights`);
  const load = async (part: typeof first): Promise<Share> => ({
    name: part.path,
    share: part.share,
    weights: await loadOne(await fileOfWeights(part.path), part.key, task),
  });
  const share = await load(first);
  if (others.length === 0) return share.weights;
  const shares: Share[] = [];
  for (const part of others) shares.push(await load(part));
  return blendWeights([share, ...shares]);
}

async function loadOne(path: string, key: string | undefined, task: NetworkTask): Promise<NetworkWeights> {
  const file = await readWeightsFile(path, {
    recognises: (shapes) => recogniseNetwork(shapes) !== undefined,
    key,
  });
  const shapes = Object.fromEntries([...file.tensors].map(([key, { shape }]) => [key, shape]));
  const recognised = recogniseNetwork(shapes);
  if (recognised === undefined) {
    const other = nearMiss(shapes);
    throw new RevelaError(
      other === undefined
        ? `${path} holds no network that ${uses[task].does} (known: ${Object.keys(architecturesFor[task]).join(', ')}); its first tensors are ${few(Object.keys(shapes))}`
        : `${path} holds ${other}; known are ${Object.keys(architecturesFor[task]).join(', ')}`,
    );
  }
  const { architecture, description } = recognised;
  checkTask(recognised, task, path);
  const kept = [...file.tensors].filter(([name]) => !architecture.isBuffer(name, description.config));
  const parameters = float32Parameters(new Map(kept), path);
  checkAgainst(path, description, task, parameters);
  const { method, training, licence = 'unknown' } = file.metadata;
  const weights: NetworkWeights = {
    ...present({ method }),
    description,
    parameters,
    record: parseRecord(training),
    licence,
  };
  files.set(weights, path);
  return weights;
}
