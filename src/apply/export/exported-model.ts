import { basename, extname } from 'node:path';
import { compileForAnySize } from '../../compile/index.js';
import { checkReplacesNone } from '../../file-identity.js';
import { OptionError, RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { checkTarget } from '../../images/index.js';
import type { NetworkTask } from '../../networks/index.js';
import { packageVersion } from '../../package-version.js';
import { writeBeside } from '../../write-beside.js';
import type { PictureProgram } from '../apply-in-tiles.js';
import type { NetworkWeights } from '../../models/index.js';
import { present } from '../../present.js';

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

/** Checks, before any work is done, that a model of some weights, or a file of them, may be written to a path. */
export async function checkModelTarget(
  path: string,
  weights: unknown,
  options: { readonly overwrite: boolean },
): Promise<void> {
  if (typeof weights === 'string') await checkReplacesNone([path], [weights], 'file of weights');
  await checkTarget(path, options);
  if (extname(path).toLowerCase() !== '.onnx')
    throw new OptionError(
      `the model to write must end in .onnx, by which other programs know it; got ${path}`,
    );
}

/** What a model is called: the name of the file of its weights, or of its own. */
export function modelName(weights: unknown, path: string): string {
  const isFile = typeof weights === 'string' && !/=|::/.test(basename(weights));
  const file = isFile ? weights : path;
  return basename(file, extname(file));
}

/** What a model does, apart from its program. */
export interface ModelFacts {
  readonly name: string;
  readonly task: NetworkTask;
  /** What it does, in a sentence. */
  readonly does: string;
  /** What else stands in its card. */
  readonly entries: Readonly<Record<string, string>>;
}

/**
 * Writes a program with its numbers as a model for pictures of any size, beside its path, then renames it.
 *
 * @throws RevelaError for weights that are too large, a program that cannot be written for any size, and a path that
 *   cannot be written
 */
export async function exportProgram(
  path: string,
  program: PictureProgram,
  weights: NetworkWeights,
  facts: ModelFacts,
  { overwrite }: { readonly overwrite: boolean },
): Promise<ExportedModel> {
  checkModelSize(weights, facts.name);
  const { multiple, border, scale, picture, result, constants, draw } = program;
  const card = modelCard(program, weights, facts);
  const patterns =
    draw && ((height: number, width: number) => draw({ batch: 1, top: 0, left: 0, height, width }));
  const bytes = compileForAnySize({
    ...{ multiple, border, scale, picture, result },
    trace: (height, width) => program.trace({ height, width }),
    values: constants,
    ...present({ patterns }),
    metadata: card,
    producerVersion: packageVersion(),
    description: `${facts.does} ${usageOf(program)}`,
  });
  await writeBeside(path, [bytes], { replace: overwrite }).catch((error: unknown) => {
    throw fileError(`cannot write ${path}`, error);
  });
  return { path, bytes: bytes.length, card };
}

function checkModelSize({ parameters }: NetworkWeights, name: string): void {
  const bytes = Object.values(parameters).reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > MOST_WEIGHTS)
    throw new RevelaError(
      `the weights of ${name} take ${(bytes / 2 ** 30).toFixed(1)} GiB, and an ONNX file holds less than 2 GiB; export a smaller network`,
    );
}

/** The entries of the model's metadata: what it is, how it is called, where it came from. */
function modelCard(
  program: PictureProgram,
  { description: { architecture, config }, licence, record }: NetworkWeights,
  { name, task, entries }: ModelFacts,
): Readonly<Record<string, string>> {
  return {
    format: 'revela-model-1',
    ...{ name, task },
    ...entries,
    architecture,
    config: JSON.stringify(config),
    value_range: '0 to 1, with the gamma of the file (sRGB), not linear; the result is clamped to it',
    colour_order:
      'red, green, blue; a grey picture goes in three times, and the mean of the results is taken',
    padding: paddingOf(program),
    size_multiple: String(program.multiple),
    usage: usageOf(program),
    licence,
    training: JSON.stringify(record),
    revela_version: packageVersion(),
  };
}

function usageOf({ picture, result, scale }: PictureProgram): string {
  const shape = scale === 1 ? 'of the same shape' : `[1, 3, ${scale}*height, ${scale}*width]`;
  return `Feed ${picture}, float32 [1, 3, height, width]: all red values, then all green, then all blue, each row by row from the top, 0 to 1 (8-bit values divided by 255). Take ${result}, ${shape}.`;
}

function paddingOf({ border, multiple }: PictureProgram): string {
  if (border === 0 && multiple === 1) return 'none is needed';
  const sides = [
    ...(border === 0 ? [] : [`${border} pixels on all sides`]),
    ...(multiple === 1 ? [] : ['at the right and the bottom to whole multiples']),
  ];
  return `inside the model, by reflection that does not repeat the border: ${sides.join(', then ')}; the result is cut`;
}
