import { extname } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { checkReplacesNone } from '../file-identity.js';
import { checkTarget } from '../images/index.js';
import { checked } from '../options/index.js';
import { recogniseNetwork } from '../networks/index.js';
import {
  metadataName,
  readWeightsFile,
  type StoredTensor,
  type WeightsFormat,
  writePytorch,
  writeSafetensors,
} from '../weights/index.js';
import { type ConvertOptions, convertOptions } from './convert-options.js';
import { taskOfWeights } from './describe-weights.js';
import { inUse, loadNetworkWeights, saveNetworkWeights } from './network-weights.js';
import { fileOfWeights } from './run-weights.js';
import { weightsReference } from './weights-reference.js';
import { float32Parameters, storedParameters } from './float32-parameters.js';

/** What was converted. */
export interface Conversion {
  /** The kind of file that was read. */
  readonly from: WeightsFormat;
  readonly to: 'safetensors' | 'pytorch';
  readonly tensors: number;
  /** Keys of the checkpoint under which the tensors lay, from the outside. */
  readonly wrapper: readonly string[];
  /** What stood before the name of every tensor and was taken off; empty if nothing. */
  readonly prefix: string;
  /** Other state dicts of the file, which were not taken. */
  readonly others: readonly string[];
  /** Names of what the file said of itself and the new one has no place for. */
  readonly leftOut: readonly string[];
}

/** The kinds that can be written, by the ends of their names. */
const targets: Readonly<Record<string, Conversion['to']>> = {
  '.safetensors': 'safetensors',
  '.pth': 'pytorch',
  '.pt': 'pytorch',
};

/**
 * Converts weights between safetensors and PyTorch: the state dict alone, its numbers exactly as they were. Safetensors
 * keep the metadata, too. The new file appears whole or not at all. With `fold` the numbers are those of the form in which the
 * network is used, such as the plain convolutions that SPAN's branches are together.
 *
 * @param source safetensors, a PyTorch checkpoint of any age, the folder of a run, or a blend: see `weightsReference`
 * @param output a name that ends in `.safetensors`, `.pth` or `.pt`
 * @throws OptionError if the name ends otherwise
 * @throws RevelaError, one line, if the input cannot be used or the output exists or cannot be written
 *
 * @example
 * const { tensors, prefix } = await convertWeights('net_g.pth', 'net_g.safetensors');
 */
export async function convertWeights(
  source: string,
  output: string,
  options: ConvertOptions = {},
): Promise<Conversion> {
  checked('convertWeights', convertOptions, options);
  const to = targets[extname(output).toLowerCase()];
  if (to === undefined)
    throw new OptionError(
      `the file to write must end in ${Object.keys(targets).join(', ')}, which says what to write; got ${output}`,
    );
  const parts = await weightsReference(source);
  const inputs = await Promise.all(parts.map((part) => fileOfWeights(part.path)));
  await checkReplacesNone([output], inputs, 'file that is read');
  await checkTarget(output, options);
  const [part, input] = [parts[0], inputs[0]];
  if (part === undefined || input === undefined) throw new RevelaError(`${source} names no weights`);
  if (parts.length > 1) return convertBlend(source, output, to, options);
  const { format, tensors, metadata, wrapper, prefix, others } = await readWeightsFile(input, {
    recognises: (shapes) => recogniseNetwork(shapes) !== undefined,
    key: part.key,
  });
  if (tensors.has(metadataName))
    throw new RevelaError(
      `${input} has a tensor named ${metadataName}, which no weights may have; rename it`,
    );
  const written = options.fold === true ? folded(input, { tensors, metadata }) : { tensors, metadata };
  if (to === 'pytorch') await writePytorch(output, written.tensors);
  else await writeSafetensors(output, written);
  const leftOut = to === 'pytorch' ? Object.keys(metadata) : [];
  return { from: format, to, tensors: written.tensors.size, wrapper, prefix, others, leftOut };
}

/** Writes a blend of several weights: numbers of their own, so that it holds what is known of them. */
async function convertBlend(
  source: string,
  output: string,
  to: Conversion['to'],
  { fold = false }: ConvertOptions,
): Promise<Conversion> {
  const task = (await taskOfWeights(source)) ?? 'denoise';
  const blend = await loadNetworkWeights(source, task);
  if (fold && blend.description.folded === undefined) throw notInBranches(source);
  const weights = fold ? inUse(blend) : blend;
  if (to === 'safetensors') await saveNetworkWeights(output, task, weights);
  else await writePytorch(output, storedParameters(weights.parameters));
  const facts = {
    wrapper: [],
    prefix: '',
    others: [],
    leftOut: to === 'pytorch' ? ['training', 'licence'] : [],
  };
  return { from: 'safetensors', to, tensors: Object.keys(weights.parameters).length, ...facts };
}

const notInBranches = (path: string): RevelaError =>
  new RevelaError(`${path} holds no network that is learnt in branches: leave \`fold\` out`);

/** A file's tensors, and what it says of itself. */
interface Content {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The same network in the form in which it is used. */
function folded(path: string, { tensors, metadata }: Content): Content {
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  const { architecture, description } = recogniseNetwork(shapes) ?? {};
  const fold = description?.folded;
  if (architecture === undefined || fold === undefined) throw notInBranches(path);
  const learnt = new Map([...tensors].filter(([key]) => !architecture.isBuffer(key, description?.config)));
  const { config } = metadata;
  return {
    tensors: storedParameters(fold.parameters(float32Parameters(learnt, path))),
    metadata:
      config === undefined ? metadata : { ...metadata, config: JSON.stringify(fold.description.config) },
  };
}
