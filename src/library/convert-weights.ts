import { extname, resolve } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { checkTarget } from '../images/index.js';
import { recogniseNetwork } from '../networks/index.js';
import {
  metadataName,
  readWeightsFile,
  type WeightsFormat,
  writePytorch,
  writeSafetensors,
} from '../weights/index.js';
import { taskOfWeights } from './describe-weights.js';
import { storedParameters } from './float32-parameters.js';
import { loadNetworkWeights, saveNetworkWeights } from './network-weights.js';
import { fileOfWeights } from './run-weights.js';
import { weightsReference } from './weights-reference.js';

/** How weights are converted. */
export interface ConvertOptions {
  /** Whether to replace a file that exists. Default: false. */
  readonly overwrite?: boolean;
}

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
 * keep the metadata, too. The new file appears whole or not at all.
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
  const to = targets[extname(output).toLowerCase()];
  if (to === undefined)
    throw new OptionError(
      `the file to write must end in ${Object.keys(targets).join(', ')}, which says what to write; got ${output}`,
    );
  const parts = await weightsReference(source);
  const inputs = await Promise.all(parts.map((part) => fileOfWeights(part.path)));
  if (inputs.some((input) => resolve(input) === resolve(output)))
    throw new RevelaError(`${output} would replace the file that is read; give the new one another name`);
  await checkTarget(output, options);
  const [part, input] = [parts[0], inputs[0]];
  if (part === undefined || input === undefined) throw new RevelaError(`${source} names no weights`);
  if (parts.length > 1) return convertBlend(source, output, to);
  const { format, tensors, metadata, wrapper, prefix, others } = await readWeightsFile(input, {
    recognises: (shapes) => recogniseNetwork(shapes) !== undefined,
    key: part.key,
  });
  if (tensors.has(metadataName))
    throw new RevelaError(
      `${input} has a tensor named ${metadataName}, which no weights may have; rename it`,
    );
  if (to === 'pytorch') await writePytorch(output, tensors);
  else await writeSafetensors(output, { tensors, metadata });
  const leftOut = to === 'pytorch' ? Object.keys(metadata) : [];
  return { from: format, to, tensors: tensors.size, wrapper, prefix, others, leftOut };
}

/** Writes a blend of several weights: numbers of their own, so that it holds what is known of them. */
async function convertBlend(source: string, output: string, to: Conversion['to']): Promise<Conversion> {
  const task = (await taskOfWeights(source)) ?? 'denoise';
  const weights = await loadNetworkWeights(source, task);
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
