import { basename, extname } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { checkTarget } from '../images/index.js';
import { writeBeside } from '../write-beside.js';
import type { NetworkWeights } from './network-weights.js';

/** Protocol buffers, in which ONNX models are written, end at 2 GiB; the graph itself takes its share of that. */
const MOST_WEIGHTS = 2 ** 31 - 2 ** 24;

/** What was written as an ONNX model. */
export interface ExportedModel {
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
  /** The model's metadata: what it is and how it is called. */
  readonly card: Readonly<Record<string, string>>;
}

/** Checks, before any work is done, that a model may be written to a path. */
export async function checkModelTarget(
  path: string,
  options: { readonly overwrite: boolean },
): Promise<void> {
  await checkTarget(path, options);
  if (extname(path).toLowerCase() !== '.onnx')
    throw new OptionError(
      `the model to write must end in .onnx, by which other programs know it; got ${path}`,
    );
}

/** What a model is called: the name of the file of its weights, or of its own. */
export function modelName(weights: unknown, path: string): string {
  const file = typeof weights === 'string' ? weights : path;
  return basename(file, extname(file));
}

/** Checks that weights are not too large for an ONNX file. */
export function checkModelSize({ parameters }: NetworkWeights, name: string): void {
  const bytes = Object.values(parameters).reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > MOST_WEIGHTS)
    throw new RevelaError(
      `the weights of ${name} take ${(bytes / 2 ** 30).toFixed(1)} GiB, and an ONNX file holds less than 2 GiB; export a smaller network`,
    );
}

/** Writes the bytes of a model beside its path, then renames them. */
export async function writeModel(
  path: string,
  bytes: Uint8Array,
  card: Readonly<Record<string, string>>,
): Promise<ExportedModel> {
  await writeBeside(path, [bytes]).catch((error: unknown) => {
    throw fileError(`cannot write ${path}`, error);
  });
  return { path, bytes: bytes.length, card };
}
